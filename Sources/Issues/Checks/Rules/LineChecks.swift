extension IssueCheck {
    /// Headings that do not stand as headings should.
    static let headings = IssueCheck { subject, log in
        let text = subject.text
        for number in text.lines.indices where !text.isCode[number] {
            let indentation = text.indentation(number)
            let place = subject.place(line: number, indentation)
            guard text.headingLevel(number) != nil else {
                subject.checkBlank(behindSignsOf: number, &log)
                continue
            }
            if indentation > 0 {
                log.warning(
                    .headingIndented,
                    at: place,
                    "This heading is indented, so it may become a part of what is above. "
                        + "Delete the blanks before it.",
                    suggestion: subject.line(number),
                    edit: subject.edit(line: number, 0..<indentation, "")
                )
            }
            if number > 0, !text.isBlank(number - 1), text.headingLevel(number - 1) == nil {
                log.warning(
                    .headingGlued,
                    at: place,
                    "This heading follows the text above at once. Put an empty line between them.",
                    edit: subject.edit(line: number, 0..<0, "\n")
                )
            }
        }
    }

    /// `-Text`, which is no item of a list.
    static let bullets = IssueCheck { subject, log in
        let text = subject.text
        for number in text.lines.indices where !text.isCode[number] {
            let line = String(decoding: text.content(number).prefix(8), as: UTF8.self)
            guard let sign = line.first, sign == "-" || sign == "•",
                let next = line.dropFirst().first,
                next.isLetter || next == "[" || sign == "•"
            else { continue }
            let words = subject.line(number).dropFirst().drop { $0 == " " }
            let start = text.indentation(number)
            let blanks = line.dropFirst().prefix { $0 == " " }.count
            let signs = start..<(start + String(sign).utf8.count + blanks)
            log.warning(
                .bulletGlued,
                at: subject.place(line: number, text.indentation(number)),
                "This is no item of a list, but a part of the line above. Begin it with '- '.",
                suggestion: "- " + words,
                edit: subject.edit(line: number, signs, "- ")
            )
        }
    }

    /// Words with letters of two scripts in them, which no search finds.
    static let letters = IssueCheck { subject, log in
        // Greek and Cyrillic begin with these bytes, and most issues have neither.
        guard subject.text.bytes.contains(where: { (0xCD...0xD4).contains($0) }) else { return }
        for (number, line) in subject.text.lines.enumerated() {
            var column = 1
            var offset = line.lowerBound
            let text = String(decoding: subject.text.bytes[line], as: UTF8.self)
            for word in text.unicodeScalars.split(
                omittingEmptySubsequences: false,
                whereSeparator: { !$0.properties.isAlphabetic }
            ) {
                let size = String(String.UnicodeScalarView(word)).utf8.count
                let start = offset
                defer {
                    column += word.count + 1
                    let separator = start + size
                    offset = separator + subject.text.width(at: separator)
                }
                guard let strange = word.first(where: { LookAlike.latin($0) != nil }),
                    word.contains(where: { $0.isASCII })
                else { continue }
                // What was masked around the word stays as it is.
                let written = subject.source.bytes[start..<(start + size)]
                let right = LookAlike.latin(String(decoding: written, as: UTF8.self))
                let code = String(strange.value, radix: 16, uppercase: true)
                log.warning(
                    .letterLookAlike,
                    at: SourcePlace(line: subject.source.firstLine + number, column: column),
                    "The '\(strange)' in this word only looks Latin (U+0\(code)). Type it anew.",
                    suggestion: right,
                    edit: SourceEdit(range: start..<(start + size), replacement: right)
                )
            }
        }
    }
}

extension CheckSubject {
    /// The place of a byte in a line, both counted from 0.
    fileprivate func place(line: Int, _ byteColumn: Int) -> SourcePlace {
        source.place(line: line, byteColumn: byteColumn)
    }

    /// A change of some bytes of a line, all counted from 0.
    fileprivate func edit(
        line: Int,
        _ columns: Range<Int>,
        _ replacement: String
    ) -> SourceEdit {
        let start = source.line(line).lowerBound
        return SourceEdit(
            range: (start + columns.lowerBound)..<(start + columns.upperBound),
            replacement: replacement
        )
    }

    /// What a line says, without the blanks at its ends.
    fileprivate func line(_ number: Int) -> String {
        String(decoding: source.bytes[source.line(number)], as: UTF8.self).trimmingBlanks()
    }

    /// `##Title`: two signs or more, since one may begin a hash tag.
    fileprivate func checkBlank(behindSignsOf number: Int, _ log: inout FindingLog) {
        let line = text.content(number)
        let signs = line.prefix { $0 == UInt8(ascii: "#") }.count
        guard (2...6).contains(signs), line.count > signs else { return }
        let words = self.line(number).drop { $0 == "#" }
        let behind = text.indentation(number) + signs
        log.warning(
            .headingBlank,
            at: place(line: number, text.indentation(number)),
            "This is no heading: a blank must follow the '#'.",
            suggestion: String(repeating: "#", count: signs) + " " + words,
            edit: edit(line: number, behind..<behind, " ")
        )
    }
}
