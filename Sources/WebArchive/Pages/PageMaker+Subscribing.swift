/// The page on which one subscribes.
extension PageMaker {
    func subscribe(_ language: String) -> String {
        let words = frame.templates.words(in: language)
        let all = frame.contents.languages
        let ordered = [language] + all.filter { $0 != language }
        let feeds = ordered.map { feed($0, words) }
        return page(
            "subscribe",
            .subscribe,
            language,
            title: words["subscribe"],
            ["feeds": .list(feeds)]
        )
    }

    /// The ways to get the issues of a language.
    private func feed(_ language: String, _ words: PageWords) -> TemplateGroup {
        let path = frame.map.feed(.front, language)
        return [
            "code": .text(language),
            "name": .text(frame.name(of: language)),
            "chat": chat(language, words).map { .group($0) },
            "pubsub": pubsub(language, words).map { .group($0) },
            "byTopic": topics(language).map { .group($0) },
            "feed": .text(frame.map.path(path)),
            "feedAddress": .text(frame.map.address(path)),
        ]
    }

    private func chat(_ language: String, _ words: PageWords) -> TemplateGroup? {
        guard let contact = frame.definition.contact, frame.definition.nodes[language] != nil else {
            return nil
        }
        let isDefault = language == frame.definition.site.defaultLanguage
        let message = isDefault ? "subscribe" : "subscribe \(language)"
        let uri = SubscriptionLinks.chat(contact: contact, message: message)
        return [
            "uri": .text(uri),
            "qr": .text(code(uri, words)),
            "contact": .text(contact),
            "message": .text(message),
        ]
    }

    private func pubsub(_ language: String, _ words: PageWords) -> TemplateGroup? {
        guard let service = frame.definition.service, let node = frame.definition.nodes[language]
        else { return nil }
        let uri = SubscriptionLinks.pubsub(service: service, node: node)
        return [
            "uri": .text(uri),
            "qr": .text(code(uri, words)),
            "service": .text(service),
            "node": .text(node),
        ]
    }

    /// The sections of the issues that one can subscribe to on their own.
    private func topics(_ language: String) -> TemplateGroup? {
        guard let service = frame.definition.service, let contact = frame.definition.contact else {
            return nil
        }
        let entries = frame.definition.topicNodes.filter { $0.language == language }
        guard !entries.isEmpty else { return nil }
        return [
            "entries": .list(
                entries.map { entry in
                    let message = "subscribe \(language) \(entry.section)"
                    return [
                        "title": .text(entry.title),
                        "node": .text(entry.node),
                        "pubsub": .text(
                            SubscriptionLinks.pubsub(service: service, node: entry.node)
                        ),
                        "chat": .text(SubscriptionLinks.chat(contact: contact, message: message)),
                    ]
                }
            )
        ]
    }

    private func code(_ uri: String, _ words: PageWords) -> String {
        QRCode(uri)?.svg(label: "\(words["code"]) \(uri)") ?? ""
    }
}
