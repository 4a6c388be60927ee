import Issues

/// The pages of topics.
extension PageMaker {
    /// The issues of a language with a section on a topic, newest first.
    typealias TopicEntries = [(archived: ArchivedIssue, topic: IssueTopic)]

    func topicTitle(_ id: SectionID, _ language: String) -> String {
        taxonomy?[id]?.title(in: language) ?? id.rawValue
    }

    func topics(_ language: String, counts: [SectionID: Int]) -> String {
        let topics = map.topics.compactMap { id -> TemplateGroup? in
            guard let count = counts[id] else { return nil }
            return [
                "title": .text(topicTitle(id, language)),
                "path": .text(map.path(map.file(.topic(id), language))),
                "countText": .text(words(language).count(count)),
            ]
        }
        let title = words(language)["topics"]
        return page("topics", .topics, language, title: title, ["topics": .list(topics)])
    }

    func topic(
        _ id: SectionID,
        _ language: String,
        _ entries: TopicEntries,
        languages: [String]
    ) -> String {
        let list = entries.map { archived, topic -> TemplateGroup in
            let path = topic.issue.webAddress.flatMap { address in
                address.firstIndex(of: "#").map { map.path(archived.page) + address[$0...] }
            }
            let own: TemplateGroup = [
                "path": .text(path ?? map.path(archived.page)),
                "lead": topic.issue.lead(limit: 240).map { .text($0) },
            ]
            return reference(archived).merging(own)
        }
        let title = topicTitle(id, language)
        let own: TemplateGroup = [
            "topic": .group([
                "title": .text(title),
                "countText": .text(words(language).count(entries.count)),
                "entries": .list(list),
            ])
        ]
        return page("topic", .topic(id), language, title: title, own, languages: languages)
    }
}
