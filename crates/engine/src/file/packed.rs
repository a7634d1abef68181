//! Unpacking: xz, gzip and Zstandard, told by their first bytes, streamed, one layer deep.

use super::limit::{Counted, Unpacked};
use super::{Bytes, FileSlip, Limits};
use std::io::{Cursor, Read};

/// The most memory that an xz file may ask for: its strongest setting takes 65 MiB.
const XZ_MEMORY: u64 = 96 * 1024 * 1024;

/// The largest window of a Zstandard file, as a power of two: 128 MiB.
const ZSTD_WINDOW: u32 = 27;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Packing {
    Xz,
    Gzip,
    Zstd,
}

/// The bytes of the file without its packing, within the limits.
///
/// # Errors
/// What cannot be read, or a file packed twice.
pub fn unpack<'a>(mut source: Bytes<'a>, limits: &Limits) -> Result<Bytes<'a>, FileSlip> {
    let start = start(&mut source)?;
    let packing = told(&start);
    let whole = Cursor::new(start).chain(source);
    let Some(packing) = packing else {
        return Ok(Box::new(Unpacked::new(whole, None, limits)));
    };
    let (counted, count) = Counted::new(whole);
    let plain: Bytes<'a> = match packing {
        Packing::Gzip => Box::new(flate2::read::MultiGzDecoder::new(counted)),
        Packing::Xz => {
            let flags = liblzma::stream::CONCATENATED;
            let stream = liblzma::stream::Stream::new_stream_decoder(XZ_MEMORY, flags);
            let stream = stream.map_err(|error| FileSlip::of(error.into()))?;
            Box::new(liblzma::read::XzDecoder::new_stream(counted, stream))
        }
        Packing::Zstd => {
            let mut decoder = zstd::Decoder::new(counted).map_err(FileSlip::of)?;
            decoder.window_log_max(ZSTD_WINDOW).map_err(FileSlip::of)?;
            Box::new(decoder)
        }
    };
    let mut plain: Bytes<'a> = Box::new(Unpacked::new(plain, Some(count), limits));
    let start = self::start(&mut plain)?;
    if told(&start).is_some() {
        return Err(FileSlip::new(
            "The file is packed twice; unpack it once before sending it.",
            "文件被压缩了两次，请先解压一次。",
        ));
    }
    Ok(Box::new(Cursor::new(start).chain(plain)))
}

fn start(source: &mut Bytes<'_>) -> Result<Vec<u8>, FileSlip> {
    let mut start = Vec::new();
    source.take(6).read_to_end(&mut start).map_err(FileSlip::of)?;
    Ok(start)
}

fn told(start: &[u8]) -> Option<Packing> {
    let marks: [(&[u8], Packing); 3] = [
        (&[0xFD, b'7', b'z', b'X', b'Z', 0], Packing::Xz),
        (&[0x1F, 0x8B], Packing::Gzip),
        (&[0x28, 0xB5, 0x2F, 0xFD], Packing::Zstd),
    ];
    marks.iter().find(|(mark, _)| start.starts_with(mark)).map(|(_, packing)| *packing)
}
