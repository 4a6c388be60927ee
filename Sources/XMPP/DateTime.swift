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
        guard let date = (try? whole.parse(text)) ?? (try? fractional.parse(text)) else {
            return nil
        }
        self.init(date)
    }

    public var description: String {
        date.formatted(Date.ISO8601FormatStyle())
    }
}
