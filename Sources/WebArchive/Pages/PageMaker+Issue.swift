import Issues
import XMPP

/// The page of an issue.
extension PageMaker {
    func issue(
        _ archived: ArchivedIssue,
        previous: ArchivedIssue?,
        next: ArchivedIssue?
    ) -> String {
        let issue = archived.issue
        let sections = contentsList(archived, withParts: true, page: "")
        let text = PageText(images: images, imageWord: words(issue.language)["image"])
        let own: TemplateGroup = [
            "issue": .group([
                "title": .text(issue.title),
                "date": .text("\(archived.date)"),
                "dateText": .text(words(issue.language).date(archived.date)),
                "author": issue.frontMatter.author.map { .text($0) },
                "hasContents": .flag(sections.count > 1),
                "contents": .list(sections),
                "body": .text(text.html(of: issue)),
                "itemAddress": itemAddress(of: issue).map { .text($0) },
                "hasNeighbours": .flag(previous != nil || next != nil),
                "previous": previous.map { .group(reference($0)) },
                "next": next.map { .group(reference($0)) },
            ])
        ]
        let image = issue.imageSources.first { images[$0] != nil }
        let facts = PageFrame.Facts(
            title: issue.title,
            language: issue.language,
            file: archived.page,
            description: issue.lead(limit: 200),
            image: image,
            published: archived.stamp.published,
            versions: contents.translations(of: archived).map { ($0.issue.language, $0.page) }
        )
        return frame.templates.render("issue", frame.values(facts, own))
    }

    /// The sections of an issue that are not in every one, each with a place on the page.
    func contentsList(
        _ archived: ArchivedIssue,
        withParts: Bool,
        page: String
    ) -> [TemplateGroup] {
        func list(_ sections: [IssueSection], _ depth: Int) -> [TemplateGroup] {
            sections.compactMap { section -> TemplateGroup? in
                guard section.kind != .boilerplate,
                    let heading = Self.heading(of: section, in: archived.issue)
                else { return nil }
                let parts = depth > 0 ? list(section.sections, depth - 1) : []
                return [
                    "title": .text(section.title),
                    "path": .text(LinkTarget.fragment(heading.id).address(on: page)),
                    "hasParts": .flag(!parts.isEmpty),
                    "parts": .list(parts),
                ]
            }
        }
        return list(archived.issue.outline.sections, withParts ? 1 : 0)
    }

    private static func heading(of section: IssueSection, in issue: NewsletterIssue) -> Heading? {
        section.headings.first.flatMap { index in
            if case .heading(let heading) = issue.body[index].content { heading } else { nil }
        }
    }

    private func itemAddress(of issue: NewsletterIssue) -> String? {
        guard let service = frame.definition.service,
            let node = frame.definition.nodes[issue.language]
        else { return nil }
        return "xmpp:\(service)?;node=\(node.percentEncoded())"
            + ";item=\(issue.id.rawValue.percentEncoded())"
    }
}
