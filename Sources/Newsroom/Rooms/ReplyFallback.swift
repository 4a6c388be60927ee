import XML
import XMPP

/// What of a message's text its sender wrote, without the quotation that clients put in front.
enum ReplyFallback {
    /// The body without the parts that stand there for clients that can't show replies.
    ///
    /// Parts are counted in code points (XEP-0426), from `start` up to but without `end`; a part
    /// without both is the whole body (XEP-0428 §3). Nothing remains of a range we can't read.
    static func removed(from message: Message) -> String? {
        guard let body = message.body else { return nil }
        let ranges = message.children
            .filter {
                $0.isNamed("fallback", in: .fallback) && $0["for"] == Namespace.reply.rawValue
            }
            .flatMap { fallback in
                let parts = fallback.children("body")
                return fallback.elements.contains { _ in true } ? parts.map(range) : [0..<Int.max]
            }
        guard !ranges.isEmpty else { return body }
        let kept = body.unicodeScalars.enumerated().filter { index, _ in
            !ranges.contains { $0.contains(index) }
        }
        var text = String.UnicodeScalarView()
        text.append(contentsOf: kept.map(\.element))
        return String(text)
    }

    private static func range(of part: Element) -> Range<Int> {
        switch (part["start"], part["end"]) {
        case (nil, nil):
            return 0..<Int.max
        case (let start, let end):
            guard let start = Int(start ?? "0"), let end = end.map({ Int($0) }) ?? Int.max,
                start >= 0, start <= end
            else { return 0..<Int.max }
            return start..<end
        }
    }

    /// The lines that quote somebody, for clients that can't show replies (XEP-0461 §3.1).
    static func quotation(of text: String) -> String {
        let lines = text.split(whereSeparator: \.isNewline).prefix(2)
        return lines.map { "> \($0.prefix(80))\n" }.joined()
    }

    /// Says that the first code points of the body are such a quotation.
    static func element(length: Int) -> Element {
        Element("fallback", in: .fallback, ["for": Namespace.reply.rawValue]) {
            Element("body", ["start": "0", "end": String(length)])
        }
    }
}
