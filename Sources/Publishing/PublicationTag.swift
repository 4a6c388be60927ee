import Foundation
import XMPP

/// The ids of entries: tag URIs (RFC 4151) that depend on neither title nor web address.
///
/// The authority is fixed at the first publish, so that a feed keeps its ids when it moves.
package struct PublicationTag {
    /// The name of the setting that keeps ``authority``.
    package static let settingKey = "tagAuthority"

    /// A domain name and the day on which it was ours, `news.example.org,2026-11-21`.
    let authority: String

    init(authority: String) {
        self.authority = authority
    }

    init(domain: JID, on day: Date) {
        let stamp = day.formatted(.iso8601.year().month().day())
        authority = "\(domain.domainpart),\(stamp)"
    }

    func atomID(newsletter: String, issue: ItemID, feed: Newsletter.Feed) -> String {
        let section = feed.topic.map { [$0.section] } ?? []
        let parts = ([newsletter, issue.rawValue, feed.language] + section)
            .map { $0.percentEncoded() }
        return "tag:\(authority):\(parts.joined(separator: "/"))"
    }
}

/// The address of an item as clients open it (XEP-0147, XEP-0060 §12.22).
enum ItemURI {
    static func text(service: JID, node: NodeID, item: ItemID) -> String {
        let (node, item) = (node.rawValue, item.rawValue)
        return "xmpp:\(service)?;node=\(node.percentEncoded(except: "/"))"
            + ";item=\(item.percentEncoded(except: "/"))"
    }
}

extension String {
    /// What a URI holds as it is (RFC 3986 §2.3).
    private static let unreserved = Set(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~".utf8
    )

    /// With a `%` and two digits for each byte that is neither unreserved nor among the others.
    fileprivate func percentEncoded(except others: String = "") -> String {
        let plain = Self.unreserved.union(others.utf8)
        let digits = Array("0123456789ABCDEF".utf8)
        let bytes = utf8.flatMap { byte in
            plain.contains(byte)
                ? [byte] : [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
