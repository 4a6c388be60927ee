import Component
import Daemon
import Foundation
import Testing
import XMPP

@Suite("What init writes")
struct SetupTests {
    private func setup(
        title: String = "The Verona Dispatch",
        room: String? = "comm-team@rooms.verona.lit",
        publishers: [String] = ["benvolio@verona.lit"],
        server: Setup.Server = .prosody,
        languages: [String] = ["en", "de"]
    ) throws -> Setup {
        Setup(
            server: server,
            domain: try JID("news.verona.lit"),
            newsletter: "dispatch",
            title: title,
            language: languages[0],
            languages: languages,
            room: try room.map { try JID($0) },
            publishers: try publishers.map { try JID($0) },
            places: .folder
        )
    }

    /// What is read back from what was written.
    private func read(_ setup: Setup) throws -> Configuration {
        let sample = try ConfigurationSample(setup.configuration)
        defer { sample.remove() }
        return try Configuration(file: sample.file)
    }

    @Test("the configuration is read back as it was meant")
    func configuration() throws {
        let configuration = try read(setup())
        #expect(try configuration.domain == JID("news.verona.lit"))
        let newsletter = try #require(configuration.newsletters.first?.newsletter)
        #expect(newsletter.title == "The Verona Dispatch")
        #expect(newsletter.feeds.map(\.node.rawValue) == ["dispatch-en", "dispatch-de"])
        let room = try #require(configuration.rooms.first)
        #expect(try room.room == JID("comm-team@rooms.verona.lit"))
        #expect(room.roles == [.owner: .publisher, .admin: .publisher, .member: .editor])
        #expect(try configuration.people == [JID("benvolio@verona.lit"): .publisher])
        #expect(configuration.database.lastPathComponent == "broadsheet.sqlite")
    }

    @Test("without room and people it is fine too, and shows where they would stand")
    func little() throws {
        let setup = try setup(room: nil, publishers: [])
        let configuration = try read(setup)
        #expect(configuration.rooms.isEmpty && configuration.people.isEmpty)
        #expect(
            setup.configuration.contains("# rooms:") && setup.configuration.contains("# people:")
        )
    }

    @Test(
        "a title stays what it is, whatever YAML would make of it",
        arguments: [
            "News: \"all\" of it # now", "yes", "null", "'", "- a", "12", "{a: b}", "Größe\\n", "*",
            "a\tb", "@home", " padded ",
        ]
    )
    func titles(title: String) throws {
        let configuration = try read(setup(title: title))
        #expect(configuration.newsletters.first?.newsletter.title == title)
        #expect(configuration.rooms.first?.nick == title)
    }

    @Test("the code for Norwegian is a language, and not a no")
    func norwegian() throws {
        let configuration = try read(setup(languages: ["no"]))
        #expect(configuration.newsletters.first?.language == "no")
    }

    @Test("for systemd everything lies in the folders of the unit")
    func system() throws {
        var setup = try setup()
        setup.places = .system
        #expect(setup.configuration.contains("database: /var/lib/broadsheet/broadsheet.sqlite\n"))
        #expect(setup.configuration.contains("socket: /run/broadsheet/control.sock\n"))
        #expect(setup.configuration.contains("issues: /var/lib/broadsheet/issues\n"))
    }

    @Test("the server's side names domain and secret")
    func serverSide() throws {
        #expect(
            try setup().serverSide(secret: "s3cret")
                == "Component \"news.verona.lit\"\n    component_secret = \"s3cret\""
        )
        let ejabberd = try setup(server: .ejabberd).serverSide(secret: "s3cret")
        #expect(ejabberd.contains("module: ejabberd_service"))
        #expect(ejabberd.contains("      \"news.verona.lit\":\n        password: \"s3cret\""))
    }

    @Test("no secret is like another")
    func secrets() {
        let secrets = Set((0..<100).map { _ in Setup.makeSecret() })
        #expect(secrets.count == 100)
        #expect(secrets.allSatisfy { $0.wholeMatch(of: /[0-9a-f]{48}/) != nil })
    }
}
