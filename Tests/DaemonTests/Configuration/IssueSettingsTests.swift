import Foundation
import Issues
import Testing

@testable import Daemon

/// How a newsletter says what its issues are made of and checked for.
@Suite("Settings for issues")
struct IssueSettingsTests {
    private func sample(_ lines: String) throws -> ConfigurationSample {
        try ConfigurationSample(replacing: "languages: [en, de]", with: lines)
    }

    private func problems(_ sample: ConfigurationSample) -> [String] {
        do {
            _ = try Configuration(file: sample.file)
            return []
        } catch {
            return "\(error)".split(separator: "\n").map(String.init)
        }
    }

    @Test("without settings the XMPP Newsletter's sections are known, and no rule is changed")
    func defaults() throws {
        let sample = try ConfigurationSample()
        defer { sample.remove() }
        let newsletter = try #require(try Configuration(file: sample.file).newsletters.first)
        #expect(newsletter.taxonomy == .xmppNewsletter)
        #expect(newsletter.checks == CheckSettings())
        #expect(newsletter.issueContext.images == nil)
    }

    @Test("sections, images and rules of a newsletter's own are read")
    func own() throws {
        let sample = try sample(
            """
            web: https://verona.example/
                images: static
                taxonomy: sections.yaml
                check:
                  rules: {figure-text: error, section-missing: off}
                  maximum_item_size: 20000
            """
        )
        defer { sample.remove() }
        let file = sample.folder.appending(path: "sections.yaml")
        try Data("duels:\n  en: Duels | Quarrels\n".utf8).write(to: file)
        let newsletter = try #require(try Configuration(file: sample.file).newsletters.first)
        #expect(newsletter.taxonomy?.section(titled: "Quarrels", language: "en") == "duels")
        #expect(newsletter.checks.levels == [.figureText: .error, .sectionMissing: .off])
        #expect(newsletter.checks.maximumItemSize == 20_000)
        let images = try #require(newsletter.issueContext.images)
        #expect(images.path.hasSuffix("/static"))
        #expect(images.site.base == "https://verona.example/")
    }

    @Test("each topic has a node in each language, named after the language's or as it is set")
    func topics() throws {
        let sample = try sample(
            """
            languages: [en, de]
                nodes: {de: blatt, en/events: balls}
                topics: [specifications, events]
            """
        )
        defer { sample.remove() }
        let newsletter = try #require(try Configuration(file: sample.file).newsletters.first)
        let feeds = newsletter.newsletter.topicFeeds
        #expect(
            feeds.map(\.node.rawValue) == [
                "dispatch-en-specifications", "balls", "blatt-specifications", "blatt-events",
            ]
        )
        #expect(feeds.map(\.topic?.wholeNode.rawValue).last == "blatt")
        #expect(feeds.last?.label == "de Veranstaltungen")
        let archive = newsletter.archive(at: "https://verona.example/")
        #expect(archive.topicNodes.map(\.node) == feeds.map(\.node.rawValue))
    }

    @Test("events are summaries at the feeds that are named, all of them or none")
    func summaryEvents() throws {
        func summaries(_ line: String) throws -> [String] {
            let sample = try sample("languages: [en, de]\n    topics: [events]\n    \(line)")
            defer { sample.remove() }
            let newsletter = try #require(try Configuration(file: sample.file).newsletters.first)
            return newsletter.newsletter.allFeeds.filter { $0.eventPayload == .summary }
                .map(\.node.rawValue)
        }
        let (whole, topics) = (
            ["dispatch-en", "dispatch-de"], ["dispatch-en-events", "dispatch-de-events"]
        )
        #expect(try summaries("rights: none") == [])
        #expect(try summaries("summary_events: [all]") == whole + topics)
        #expect(try summaries("summary_events: [DE, en/events]") == [whole[1], topics[0]])
    }

    @Test("a feed is found in whatever capitals its section is written")
    func summaryEventsInCapitals() throws {
        let sample = try sample(
            "taxonomy: sections.yaml\n    topics: [Duels]\n    summary_events: [en/Duels]"
        )
        defer { sample.remove() }
        let file = sample.folder.appending(path: "sections.yaml")
        try Data("Duels:\n  en: Duels\n".utf8).write(to: file)
        let newsletter = try #require(try Configuration(file: sample.file).newsletters.first)
        #expect(newsletter.newsletter.topicFeeds.map(\.eventPayload).contains(.summary))
    }

    @Test("a feed that is none is named with the nearest one, and an engine's events are its own")
    func summaryEventsElsewhere() throws {
        let wrong = try sample("summary_events: [eng]")
        defer { wrong.remove() }
        #expect(
            problems(wrong).first?.hasSuffix("There is no feed 'eng'; did you mean 'en'?") == true
        )
        let engine = try sample("engine: pubsub.verona.lit\n    summary_events: [all]")
        defer { engine.remove() }
        let warnings = try Configuration(file: engine.file).warnings.map(\.message)
        #expect(warnings.contains("What events from pubsub.verona.lit carry is decided there."))
    }

    @Test("'all' are the uppermost sections with news; what is none is named with the nearest one")
    func topicNames() throws {
        let all = try sample("topics: [all]")
        defer { all.remove() }
        let newsletter = try #require(try Configuration(file: all.file).newsletters.first)
        let sections = newsletter.newsletter.topicFeeds.compactMap(\.topic?.section)
        #expect(sections.contains("software") && sections.contains("specifications"))
        #expect(!sections.contains("license") && !sections.contains("clients"))

        let wrong = try sample("topics: [sofware, license]")
        defer { wrong.remove() }
        let problems = problems(wrong)
        #expect(problems.count == 2)
        #expect(
            problems.first?.hasSuffix("There is no section 'sofware'; did you mean 'software'?")
                == true
        )
        #expect(problems.last?.contains("There is no section 'license'") == true)
        let none = try sample("taxonomy: none\n    topics: [software]")
        defer { none.remove() }
        #expect(self.problems(none).first?.contains("without a taxonomy there are none") == true)
    }

    @Test(
        "messages are cut at the size that is set, at one below every server's limit, or never",
        arguments: [("", 60_000), ("delivery: {message_size: 5000}", 5000)]
            + [("delivery: {message_size: 0}", nil)] as [(String, Int?)]
    )
    func messageSize(line: String, expected: Int?) throws {
        let sample = try ConfigurationSample(ConfigurationSample.good + "\n" + line)
        defer { sample.remove() }
        #expect(try Configuration(file: sample.file).messageSize == expected)
    }

    @Test("a message size in which hardly the title fits is refused with the smallest one")
    func smallMessages() throws {
        let sample = try ConfigurationSample(
            ConfigurationSample.good + "\ndelivery: {message_size: 100}"
        )
        defer { sample.remove() }
        #expect(problems(sample).first?.contains("should be 0 or at least 500") == true)
    }

    @Test("'none' stands for no fixed sections")
    func none() throws {
        let sample = try sample("taxonomy: none")
        defer { sample.remove() }
        #expect(try Configuration(file: sample.file).newsletters.first?.taxonomy == nil)
    }

    @Test("a rule that does not exist and a file that is not there are named with their lines")
    func mistakes() throws {
        let sample = try sample("taxonomy: gone.yaml\n    check: {rules: {figure-txt: off}}")
        defer { sample.remove() }
        let found = problems(sample)
        #expect(found.count == 2)
        #expect(found.first?.hasPrefix("broadsheet.yaml:8: The taxonomy '") == true)
        #expect(
            found.last
                == "broadsheet.yaml:9: There is no rule 'figure-txt'; did you mean 'figure-text'?"
        )
    }
}
