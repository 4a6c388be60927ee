import Foundation
import XMPP

/// The ids of entries: tag URIs (RFC 4151) that depend on neither title nor web address.
///
/// The authority is fixed at the first publish, so that a feed keeps its ids when it moves.
struct PublicationTag {
    /// The name of the setting that keeps ``authority``.
    static let settingKey = "tagAuthority"

    /// A domain name and the day on which it was ours, `news.example.org,2026-11-21`.
    let authority: String

    init(authority: String) {
        self.authority = authority
    }

    init(domain: JID, on day: Date) {
        let stamp = day.formatted(.iso8601.year().month().day())
        authority = "\(domain.domainpart),\(stamp)"
    }

    func atomID(newsletter: String, issue: ItemID, language: String) -> String {
        "tag:\(authority):\(newsletter)/\(issue)/\(language)"
    }
}

/// The address of an item as clients open it (XEP-0147, XEP-0060 §12.22).
enum ItemURI {
    static func text(service: JID, node: NodeID, item: ItemID) -> String {
        "xmpp:\(service)?;node=\(escape(node.rawValue));item=\(escape(item.rawValue))"
    }

    private static func escape(_ text: String) -> String {
        var allowed = CharacterSet(charactersIn: "a"..."z")
        allowed.formUnion(CharacterSet(charactersIn: "A"..."Z"))
        allowed.formUnion(CharacterSet(charactersIn: "0"..."9"))
        allowed.insert(charactersIn: "-._~/")
        return text.addingPercentEncoding(withAllowedCharacters: allowed) ?? text
    }
}
