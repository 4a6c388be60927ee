public import Foundation

/// A moment as XMPP writes it (XEP-0082 §3.2): UTC, whole seconds, `2026-11-21T08:30:00Z`.
public struct DateTime: Hashable, Sendable, CustomStringConvertible {
    public let date: Date

    public init(_ date: Date) {
        self.date = Date(timeIntervalSince1970: date.timeIntervalSince1970.rounded(.down))
    }

    /// Nil if the text is no date and time with a zone.
    public init?(_ text: String) {
        let whole = Date.ISO8601FormatStyle()
        let fractional = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        guard
            text.wholeMatch(of: /.{19}(?:\.\d+)?(?:Z|[+\-]\d\d:\d\d)/) != nil,
            Self.isOnCalendar(text.prefix(19)),
            let date = (try? whole.parse(text)) ?? (try? fractional.parse(text))
        else { return nil }
        self.init(date)
    }

    /// Whether the date and time exist: Foundation takes 30 February for 2 March.
    private static func isOnCalendar(_ local: Substring) -> Bool {
        let style = Date.ISO8601FormatStyle()
        guard let date = try? style.parse(local + "Z") else { return false }
        return date.formatted(style).dropLast() == local
    }

    public var description: String {
        date.formatted(Date.ISO8601FormatStyle())
    }
}
