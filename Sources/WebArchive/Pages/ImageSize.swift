import Foundation

/// How many pixels an image has, as its first bytes say; browsers keep its place free with it.
struct ImageSize: Hashable, Sendable {
    let width: Int
    let height: Int

    /// Nil for a file that is no PNG, GIF, JPEG or WebP, or a broken one.
    init?(ofFile path: String) {
        guard let bytes = try? Data(contentsOf: URL(filePath: path), options: .mappedIfSafe) else {
            return nil
        }
        self.init(ImageBytes(bytes: bytes))
    }

    init?(_ bytes: ImageBytes) {
        guard let size = bytes.png ?? bytes.gif ?? bytes.webP ?? bytes.jpeg,
            size.width > 0, size.height > 0
        else { return nil }
        (width, height) = size
    }
}

/// The heads of image files.
///
/// A number that lies behind the end makes the whole head unknown.
struct ImageBytes {
    typealias Size = (width: Int, height: Int)

    let bytes: Data

    /// ISO/IEC 15948 §11.2.2: `IHDR` comes first.
    var png: Size? {
        guard has("\u{89}PNG", at: 0), has("IHDR", at: 12), let width = big(4, at: 16),
            let height = big(4, at: 20)
        else { return nil }
        return (width, height)
    }

    var gif: Size? {
        guard has("GIF8", at: 0), let width = little(2, at: 6), let height = little(2, at: 8)
        else { return nil }
        return (width, height)
    }

    /// The three kinds of WebP (RFC 9649 §2.5 to 2.7).
    var webP: Size? {
        guard has("RIFF", at: 0), has("WEBP", at: 8) else { return nil }
        if has("VP8X", at: 12), let width = little(3, at: 24), let height = little(3, at: 27) {
            return (width + 1, height + 1)
        }
        if has("VP8L", at: 12), let bits = little(4, at: 21) {
            return (bits & 0x3FFF + 1, bits >> 14 & 0x3FFF + 1)
        }
        if has("VP8 ", at: 12), let width = little(2, at: 26), let height = little(2, at: 28) {
            return (width & 0x3FFF, height & 0x3FFF)
        }
        return nil
    }

    /// The frame header of a JPEG (ITU T.81 §B.2.2).
    ///
    /// With Exif data an image may be meant to be turned, so its size is left to the browser.
    var jpeg: Size? {
        guard big(2, at: 0) == 0xFFD8 else { return nil }
        var place = 2
        while let marker = big(2, at: place), marker >> 8 == 0xFF,
            let length = big(2, at: place + 2), length >= 2
        {
            switch marker & 0xFF {
            case 0xE1 where has("Exif", at: place + 4): return nil
            case 0xC4, 0xC8, 0xCC: break
            case 0xC0...0xCF:
                guard let height = big(2, at: place + 5), let width = big(2, at: place + 7) else {
                    return nil
                }
                return (width, height)
            default: break
            }
            place += 2 + length
        }
        return nil
    }

    // MARK: - Numbers

    private func has(_ text: String, at place: Int) -> Bool {
        let sign = text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
        guard bytes.count >= place + sign.count else { return false }
        return bytes.dropFirst(place).starts(with: sign)
    }

    private func big(_ count: Int, at place: Int) -> Int? {
        guard bytes.count >= place + count else { return nil }
        return bytes.dropFirst(place).prefix(count).reduce(0) { $0 << 8 | Int($1) }
    }

    private func little(_ count: Int, at place: Int) -> Int? {
        guard bytes.count >= place + count else { return nil }
        return bytes.dropFirst(place).prefix(count).reversed().reduce(0) { $0 << 8 | Int($1) }
    }
}
