extension IssueCheck {
    /// An item so large that a server may refuse it.
    static func size(limit: Int) -> IssueCheck {
        IssueCheck { subject, log in
            // What is written twice, as XHTML and as text, is at least as large as the file; this
            // spares most issues the rendering.
            guard subject.file.bytes.count * 4 > limit else { return }
            let size = subject.itemSize
            guard size > limit else { return }
            log.warning(
                .sizeLimit,
                at: subject.titlePlace,
                "As an item this issue is \(size) bytes, more than the \(limit) that are allowed, "
                    + "so PubSub readers would get its summary and the link. Shorten it, or raise "
                    + "the limit if your servers take more."
            )
        }
    }
}

extension IssueCheck {
    /// A whole issue in one chat message that is larger than it may be.
    static func messageSize(limit: Int) -> IssueCheck {
        IssueCheck { subject, log in
            // Addresses are made absolute, so a text can be larger than its file, but not by much.
            guard subject.file.bytes.count * 2 > limit else { return }
            let size = subject.issue.chatText(.full).utf8.count
            guard size > limit else { return }
            log.warning(
                .messageSize,
                at: subject.titlePlace,
                "As one chat message this issue is \(size) bytes, more than the \(limit) that are "
                    + "allowed. Readers who asked for all of it may get several messages; shorten "
                    + "it, or raise the limit."
            )
        }
    }
}

extension CheckSubject {
    fileprivate var itemSize: Int { issue.itemSize }
}

extension NewsletterIssue {
    /// The bytes of the item, but for the few that depend on where it is published.
    public var itemSize: Int {
        let entry = AtomEntry(
            of: self,
            id: "tag:example.org,2000-01-01:newsletter/\(id)/\(language)",
            published: "2000-01-01T00:00:00Z",
            updated: "2000-01-01T00:00:00Z",
            author: AtomEntry.Author(name: "Newsletter", uri: "xmpp:newsletter@example.org"),
            rights: nil,
            itemAddress: "xmpp:example.org?;node=newsletter;item=\(id)",
            translations: []
        )
        return entry.element.xml().utf8.count
    }
}
