public import Foundation

/// The picture that clients show for a contact: a PNG, as every client can show it.
public struct Avatar: Hashable, Sendable {
    /// The most bytes of a picture; in Base64 it has to fit well into one stanza.
    public static let maximumSize = 100_000

    public let png: [UInt8]

    private static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

    /// Takes the bytes of a PNG file.
    ///
    /// - Throws: ``AvatarError`` if it is none, or too large.
    public init(png: [UInt8]) throws(AvatarError) {
        guard png.starts(with: Self.signature) else { throw .notPNG }
        guard png.count <= Self.maximumSize else { throw .tooLarge(bytes: png.count) }
        self.png = png
    }

    /// Reads a PNG file.
    public init(file: URL) throws {
        try self.init(png: Array(Data(contentsOf: file)))
    }

    /// What clients know the picture by (XEP-0153 §3); nil where OpenSSL has no SHA-1.
    public var hash: String? { SHA1.hexadecimal(of: png) }

    /// In pixels, as the first chunk says; nil if that is not whole.
    var size: (width: Int, height: Int)? {
        guard png.count >= 24, png[12..<16].elementsEqual("IHDR".utf8) else { return nil }
        func number(at index: Int) -> Int {
            png[index..<index + 4].reduce(0) { $0 << 8 | Int($1) }
        }
        return (number(at: 16), number(at: 20))
    }

    var base64: String { Data(png).base64EncodedString() }
}

/// Why a file can't be shown as a contact's picture.
public enum AvatarError: Error, Hashable, Sendable, CustomStringConvertible {
    case notPNG
    case tooLarge(bytes: Int)

    public var description: String {
        switch self {
        case .notPNG:
            "It is not a PNG picture. Convert it to one, square, with 192 pixels on a side."
        case .tooLarge(let bytes):
            "It has \(bytes) bytes, and at most \(Avatar.maximumSize) can be sent. "
                + "Make it smaller: 192 pixels on a side are enough."
        }
    }
}
