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
