//! Digits out of RFC 4733 telephone-events.

/// What was pressed on one leg. An event is many packets with one RTP time, the last three times over.
#[derive(Default)]
pub struct Digits {
    last: Option<u32>,
}

impl Digits {
    /// The digit that this packet begins; none for its later packets, late ones and what is no digit.
    pub fn read(&mut self, time: u32, payload: &[u8]) -> Option<char> {
        let digit = "0123456789*#ABCD".chars().nth(usize::from(*payload.first()?))?;
        // RTP time wraps: the shorter way round decides what is later.
        let later = |last: u32| (1..1 << 31).contains(&time.wrapping_sub(last));
        if !self.last.is_none_or(later) {
            return None;
        }
        self.last = Some(time);
        Some(digit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_event_is_one_digit() {
        let mut digits = Digits::default();
        let mut heard = String::new();
        for (time, event) in [(u32::MAX - 100, 1), (7000, 10), (9000, 15)] {
            for (end, duration) in [(0, 160), (0, 320), (0x80, 480), (0x80, 480), (0x80, 480)] {
                heard.extend(digits.read(time, &[event, end | 10, 0, duration as u8]));
            }
        }

        assert_eq!(heard, "1*D");
    }

    #[test]
    fn a_late_packet_of_an_earlier_digit_is_not_a_digit() {
        let mut digits = Digits::default();
        digits.read(1000, &[1, 10, 0, 160]);
        digits.read(3000, &[2, 10, 0, 160]);

        assert_eq!(digits.read(1000, &[1, 0x8a, 1, 0]), None);
    }

    #[test]
    fn what_is_no_digit_is_ignored() {
        assert_eq!(Digits::default().read(1000, &[16, 10, 0, 160]), None);
        assert_eq!(Digits::default().read(1000, &[]), None);
    }
}
