internal import Glibc

/// Follows the markup of a stanza to find where it ends, and keeps nothing of it.
///
/// It knows tags, quotes and CDATA, no names: what is only passed over is not judged for being
/// well-formed beyond that. It starts where expat had finished a token.
struct StanzaScanner {
    typealias Bytes = Slice<UnsafeRawBufferPointer>

    enum Outcome: Hashable {
        case needsMore
        /// A tag is complete, or the reference it started in, and the stanza goes on.
        case tokenEnded
        case stanzaEnded
        case refused(Refusal)
    }

    enum Place {
        case text, cdata, reference
    }

    private enum State: Hashable {
        case text
        case reference
        /// After `<`.
        case opened
        case startTag
        /// In a start tag after `/`.
        case emptyTag
        case value(quote: UInt8)
        case endTag
        /// In `<![CDATA[`, so many bytes after `<`.
        case cdataStart(matched: Int)
        /// In a CDATA section, after so many `]`.
        case cdata(brackets: Int)
    }

    /// The elements that are open, the stream's own not counted.
    private(set) var depth: Int
    private var state: State

    /// Starts in the content of an element, or in a CDATA section or reference there.
    init(depth: Int, in place: Place = .text) {
        self.depth = depth
        state =
            switch place {
            case .text: .text
            case .cdata: .cdata(brackets: 0)
            case .reference: .reference
            }
    }

    /// Removes from `bytes` what belongs to the stanza, up to the end of the next token at most.
    mutating func scan(_ bytes: inout Bytes) -> Outcome {
        let all = UnsafeRawBufferPointer(rebasing: bytes)
        var index = 0
        defer { bytes.removeFirst(index) }
        while true {
            index += lengthOfOrdinary(in: all, from: index)
            guard index < all.count else { return .needsMore }
            let byte = all[index]
            index += 1
            if let outcome = take(byte) { return outcome }
        }
    }

    /// How many bytes can't change the state, or some of them.
    private func lengthOfOrdinary(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
        let rest = UnsafeRawBufferPointer(rebasing: bytes[start...])
        return switch state {
        case .text: distance(to: UInt8(ascii: "<"), in: rest)
        case .value(let quote): distance(to: quote, in: rest)
        case .cdata(brackets: 0): distance(to: UInt8(ascii: "]"), in: rest)
        case .startTag: distanceInTag(in: rest)
        default: 0
        }
    }

    /// The distance to the nearest of several bytes: looked for not too far, since it is for each.
    private func distanceInTag(in bytes: UnsafeRawBufferPointer) -> Int {
        let window = UnsafeRawBufferPointer(rebasing: bytes.prefix(256))
        return Self.tagBytes.reduce(window.count) { min($0, distance(to: $1, in: window)) }
    }

    private static let tagBytes = Array("<>/'\"".utf8)

    private func distance(to byte: UInt8, in bytes: UnsafeRawBufferPointer) -> Int {
        guard
            let start = bytes.baseAddress,
            let found = memchr(start, Int32(byte), bytes.count)
        else { return bytes.count }
        return UnsafeRawPointer(found) - start
    }

    private mutating func take(_ byte: UInt8) -> Outcome? {
        switch state {
        case .text:
            // What is passed over in text ends at a `<`.
            state = .opened
            return nil
        case .reference:
            guard byte == UInt8(ascii: ";") else { return nil }
            state = .text
            return .tokenEnded
        case .opened: return takeAfterOpening(byte)
        case .startTag, .emptyTag: return takeInStartTag(byte)
        case .value:
            // What is passed over ends at the quote.
            state = .startTag
            return nil
        case .endTag:
            guard byte == UInt8(ascii: ">") else { return nil }
            return closeElement()
        case .cdataStart(let matched): return takeInCDATAStart(byte, matched)
        case .cdata(let brackets):
            takeInCDATA(byte, brackets)
            return nil
        }
    }

    private mutating func takeAfterOpening(_ byte: UInt8) -> Outcome? {
        switch byte {
        case UInt8(ascii: "/"): state = .endTag
        case UInt8(ascii: "!"): state = .cdataStart(matched: 1)
        case UInt8(ascii: "?"): return .refused(.processingInstruction)
        case UInt8(ascii: "<"), UInt8(ascii: ">"): return .refused(.malformed("invalid token"))
        default: state = .startTag
        }
        return nil
    }

    private mutating func takeInStartTag(_ byte: UInt8) -> Outcome? {
        switch (byte, state) {
        case (UInt8(ascii: ">"), .emptyTag):
            // It was never counted as open.
            depth += 1
            return closeElement()
        case (UInt8(ascii: ">"), _):
            depth += 1
            state = .text
            return .tokenEnded
        case (UInt8(ascii: "/"), _): state = .emptyTag
        case (UInt8(ascii: "'"), _), (UInt8(ascii: "\""), _): state = .value(quote: byte)
        case (UInt8(ascii: "<"), _): return .refused(.malformed("invalid token"))
        default: state = .startTag
        }
        return nil
    }

    private mutating func closeElement() -> Outcome {
        depth -= 1
        state = .text
        return depth <= 0 ? .stanzaEnded : .tokenEnded
    }

    private static let cdataStart = Array("![CDATA[".utf8)

    private mutating func takeInCDATAStart(_ byte: UInt8, _ matched: Int) -> Outcome? {
        guard byte == Self.cdataStart[matched] else {
            return .refused(byte == UInt8(ascii: "-") ? .comment : .malformed("invalid token"))
        }
        let isComplete = matched + 1 == Self.cdataStart.count
        state = isComplete ? .cdata(brackets: 0) : .cdataStart(matched: matched + 1)
        return nil
    }

    private mutating func takeInCDATA(_ byte: UInt8, _ brackets: Int) {
        switch byte {
        case UInt8(ascii: "]"): state = .cdata(brackets: min(brackets + 1, 2))
        case UInt8(ascii: ">") where brackets == 2: state = .text
        default: state = .cdata(brackets: 0)
        }
    }
}
