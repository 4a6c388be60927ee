extension IssueCheck {
    /// Images that say nothing to those who can't see them.
    static let figures = IssueCheck { subject, log in
        let message = "This image has neither a description nor a caption. "
        for (figure, place) in subject.index.figures
        where figure.description.isEmpty && figure.caption.isEmpty {
            log.warning(
                .figureText,
                at: place,
                message + "Say what it shows with alt=\"…\" or caption=\"…\"."
            )
        }
        for image in subject.index.images where image.description.isEmpty && image.title == nil {
            log.warning(
                .figureText,
                at: image.place,
                message + "Say what it shows between the square brackets."
            )
        }
    }

    /// Figures in a line with other text, or right above or below it.
    static let figureLines = IssueCheck { subject, log in
        let text = subject.text
        let opening = Array("{{< figure".utf8)
        for number in text.lines.indices where !text.isCode[number] {
            let line = subject.source.bytes[subject.source.line(number)]
            guard let brace = line.firstIndex(of: UInt8(ascii: "{")),
                let start = line[brace...].firstRange(of: opening)?.lowerBound,
                text.bytes[start] != subject.source.bytes[start]
            else { continue }
            let words = String(decoding: line, as: UTF8.self).trimmingBlanks()
            let goesOn = !words.contains(">}}")
            let isAlone = words.hasPrefix("{{<") && (goesOn || words.hasSuffix(">}}"))
            let isApart = text.isBlank(number - 1) && (goesOn || text.isBlank(number + 1))
            guard !isAlone || !isApart else { continue }
            log.warning(
                .figureGlued,
                at: subject.source.place(ofByte: start),
                "This figure stands amidst text. Put it into a line of its own, with empty lines "
                    + "above and below."
            )
        }
    }

    /// Images of the newsletter's own site that are not in the folder they must be in.
    static func imageFiles(in folder: ImageFolder) -> IssueCheck {
        IssueCheck { subject, log in
            let figures = subject.index.figures.map { ($0.figure.source, $0.place) }
            for (source, place) in figures + subject.index.images.map({ ($0.source, $0.place) }) {
                guard let path = folder.path(of: source), folder.size(of: source) == nil
                else { continue }
                log.warning(
                    .imageMissing,
                    at: place,
                    "There is no image '\(path)' in the folder of images. Correct the path, or "
                        + "add the file."
                )
            }
        }
    }
}
