/// The text of a file as the other steps want it: valid UTF-8, lines ended by LF, and only
/// characters that XML can carry.
enum SourceText {
    static func decode(_ bytes: [UInt8], log: inout FindingLog) -> String? {
        let text: String
        do {
            text = String(copying: try UTF8Span(validating: bytes.span))
        } catch {
            let offset = error.byteOffsets.lowerBound
            log.error(
                .encoding,
                at: place(ofByte: offset, in: bytes),
                "The file is not UTF-8: byte \(offset) does not belong there. Save it as UTF-8."
            )
            return nil
        }
        return clean(text, log: &log)
    }

    static func clean(_ text: String, log: inout FindingLog) -> String {
        var text = text
        if text.unicodeScalars.first == "\u{FEFF}" { text.unicodeScalars.removeFirst() }
        if text.utf8.contains(UInt8(ascii: "\r")) { text = normalisingLineEnds(text) }
        if let index = text.unicodeScalars.firstIndex(where: { !$0.isAllowedInXML }) {
            let offset = text.utf8.distance(from: text.startIndex, to: index)
            log.warning(
                .controlCharacter,
                at: place(ofByte: offset, in: Array(text.utf8)),
                "There is a control character here, which readers would see as '\u{FFFD}'. "
                    + "Delete it."
            )
            text = text.replacingForbiddenCharacters()
        }
        return text
    }

    private static func normalisingLineEnds(_ text: String) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        var previous: UInt8 = 0
        for byte in text.utf8 {
            switch (previous, byte) {
            case (UInt8(ascii: "\r"), UInt8(ascii: "\n")): break
            case (_, UInt8(ascii: "\r")): bytes.append(UInt8(ascii: "\n"))
            default: bytes.append(byte)
            }
            previous = byte
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func place(ofByte offset: Int, in bytes: [UInt8]) -> SourcePlace {
        let before = bytes[..<offset]
        let line = before.count { $0 == UInt8(ascii: "\n") } + 1
        let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        return SourcePlace(
            line: line,
            column: UTF8Column.scalars(in: bytes[lineStart..<offset]) + 1
        )
    }
}

/// Counts the Unicode scalars in UTF-8 bytes: those that do not continue a character.
enum UTF8Column {
    static func scalars(in bytes: some Sequence<UInt8>) -> Int {
        bytes.count { $0 & 0xC0 != 0x80 }
    }
}

extension Unicode.Scalar {
    /// Whether XML 1.0 §2.2 lets the character stand in a document.
    var isAllowedInXML: Bool {
        switch value {
        case 0x9, 0xA, 0xD: true
        case 0..<0x20, 0xFFFE, 0xFFFF: false
        default: true
        }
    }
}

extension String {
    /// The text with U+FFFD for each character that XML can't carry, and without CR.
    func replacingForbiddenCharacters() -> String {
        // Nearly all texts are told by their bytes: U+FFFE and U+FFFF begin with 0xEF.
        guard utf8.contains(where: { $0 < 0x20 && $0 != 0x9 && $0 != 0xA || $0 == 0xEF }) else {
            return self
        }
        var result = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            if scalar == "\r" {
                result.append("\n")
            } else {
                result.append(scalar.isAllowedInXML ? scalar : "\u{FFFD}")
            }
        }
        return String(result)
    }

    /// The text in one line: each run of blanks becomes one, none stays at the ends.
    func joiningLines() -> String {
        // An address or a word is in one line already.
        guard utf8.contains(where: { $0 <= 0x20 }) else { return self }
        let blanks: Set<Unicode.Scalar> = [" ", "\t", "\n", "\r"]
        return unicodeScalars.split { blanks.contains($0) }.map { String($0) }
            .joined(separator: " ")
    }
}
