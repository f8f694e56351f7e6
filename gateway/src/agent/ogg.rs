//! Opus packets out of an Ogg file (RFC 3533, RFC 7845).

use std::sync::Arc;

/// What every page begins with.
const CAPTURE: &[u8] = b"OggS";

/// From the capture pattern up to the number of segments.
const HEAD: usize = 26;

/// The packets of sound; none if the file is not an Ogg file of one Opus stream.
pub(crate) fn packets(file: &[u8]) -> Option<Vec<Arc<[u8]>>> {
    let mut packets: Vec<Arc<[u8]>> = Vec::new();
    let (mut rest, mut packet) = (file, Vec::new());
    while !rest.is_empty() {
        let head = rest.get(..HEAD).filter(|head| head.starts_with(CAPTURE))?;
        let (count, behind) = rest.get(head.len()..)?.split_first()?;
        let (lengths, mut body) = behind.split_at_checked((*count).into())?;
        for length in lengths {
            let (segment, after) = body.split_at_checked((*length).into())?;
            packet.extend_from_slice(segment);
            body = after;
            // A full segment says that the packet goes on.
            if *length < u8::MAX {
                packets.push(std::mem::take(&mut packet).into());
            }
        }
        rest = body;
    }
    let [head, tags, ..] = packets.as_slice() else { return None };
    let is_opus = head.starts_with(b"OpusHead") && tags.starts_with(b"OpusTags") && packet.is_empty();
    is_opus.then(|| packets.split_off(2))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(segments: &[&[u8]]) -> Vec<u8> {
        let mut page = CAPTURE.to_vec();
        page.resize(HEAD, 0);
        page.push(segments.len() as u8);
        page.extend(segments.iter().map(|segment| segment.len() as u8));
        page.extend(segments.concat());
        page
    }

    #[test]
    fn a_packet_may_go_on_over_segments_and_pages() {
        let heads = [page(&[b"OpusHead"]), page(&[b"OpusTags"])].concat();
        let long = [7; 255];
        let file = [heads, page(&[b"one", &long]), page(&[&long, b"end", b""])].concat();

        let packets = packets(&file).unwrap();

        let lengths: Vec<usize> = packets.iter().map(|packet| packet.len()).collect();
        assert_eq!(lengths, [3, 513, 0]);
    }

    #[test]
    fn what_is_no_opus_file_is_none_wherever_it_ends() {
        let file = [page(&[b"OpusHead"]), page(&[b"OpusTags"]), page(&[b"sound"])].concat();

        assert_eq!(packets(&file).map(|packets| packets.len()), Some(1));
        for end in 0..file.len() {
            let is_whole = packets(&file[..end]).is_some_and(|packets| !packets.is_empty());
            assert!(!is_whole, "{end}");
        }
        assert!(packets(&[page(&[b"vorbis"]), page(&[b"tags"])].concat()).is_none());
        assert!(packets(b"RIFF").is_none());
    }
}
