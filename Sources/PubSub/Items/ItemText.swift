import Foundation
import Storage
import XML
import XMPP

/// What people read of an item that came over the wire, in clients that do not know PubSub.
struct ItemText {
    let body: String
    let language: String?

    /// In characters: the whole is in the item, which stands beside it in the same message.
    private static let longestLine = 4_000

    /// Title, summary and link of an Atom entry; of anything else only where it is.
    init(_ payload: Element?, item: ItemID, at record: NodeRecord, of service: JID) {
        language = payload?[.xmlLang] ?? record.configuration.language
        let entry = payload.flatMap { $0.namespace == .atom && $0.name == "entry" ? $0 : nil }
        let title = record.configuration.title
        let lines = [
            entry?.child("title")?.text ?? (title.isEmpty ? record.name.rawValue : title),
            entry?.child("summary")?.text,
            entry?.webLink ?? PubSubURI(service, node: record.name, item: item).description,
        ]
        body =
            lines.compactMap { $0?.trimmingCharacters(in: .whitespacesAndNewlines) }
            .filter { !$0.isEmpty }
            .map { String($0.unicodeScalars.prefix(Self.longestLine)) }
            .joined(separator: "\n")
    }
}

extension Element {
    /// The page for browsers (RFC 4287 §4.2.7.2).
    fileprivate var webLink: String? {
        children("link").first { link in
            let isAlternate = link["rel"] == nil || link["rel"] == "alternate"
            return isAlternate && link["href"]?.hasPrefix("http") == true
        }?["href"]
    }
}
