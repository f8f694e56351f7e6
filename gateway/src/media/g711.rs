//! A-law for clients that speak nothing else (ITU-T G.711); the committed sounds are µ-law.

/// The A-law code of a µ-law code.
pub fn alaw_from_ulaw(code: u8) -> u8 {
    let code = !code;
    let sign = if code & 0x80 == 0 { 0x80 } else { 0 };
    let exponent = u32::from(code >> 4 & 7);
    // 14 bits, the low end of the segment removed: 0 to 8031.
    let magnitude = ((u32::from(code & 15) * 2 + 33) << exponent) - 33;
    (sign | alaw_magnitude(magnitude / 2)) ^ 0x55
}

/// Segment and step of a magnitude of 12 bits.
fn alaw_magnitude(magnitude: u32) -> u8 {
    let segment = (magnitude >> 5).checked_ilog2().map_or(0, |log| log + 1);
    let step = magnitude >> segment.max(1) & 15;
    u8::try_from(segment << 4 | step).unwrap_or(0x7f)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn linear_of_alaw(code: u8) -> i32 {
        let code = code ^ 0x55;
        let segment = i32::from(code >> 4 & 7);
        let step = i32::from(code & 15) * 2 + 1;
        let magnitude = if segment == 0 { step } else { (step + 32) << (segment - 1) };
        if code & 0x80 == 0 { -magnitude } else { magnitude }
    }

    fn linear_of_ulaw(code: u8) -> i32 {
        let code = !code;
        let magnitude = (((i32::from(code & 15) * 2 + 33) << (code >> 4 & 7)) - 33) / 2;
        if code & 0x80 == 0 { magnitude } else { -magnitude }
    }

    #[test]
    fn every_code_keeps_its_sign_and_its_loudness() {
        for code in 0..=255 {
            let before = linear_of_ulaw(code);
            let after = linear_of_alaw(alaw_from_ulaw(code));

            // Half an A-law step, and one for rounding.
            let bound = before.abs() / 32 + 2;
            assert!((before - after).abs() <= bound, "{code}: {before} became {after}");
        }
    }
}
