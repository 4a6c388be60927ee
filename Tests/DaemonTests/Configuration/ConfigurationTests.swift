import Commands
import Component
import Daemon
import Foundation
import Newsroom
import PubSub
import Publishing
import Testing
import XMPP

@Suite("Configuration")
struct ConfigurationTests {
    /// What is said of a faulty file.
    private func problems(_ sample: ConfigurationSample) -> [String] {
        defer { sample.remove() }
        do {
            _ = try Configuration(file: sample.file)
            return []
        } catch let error as ConfigurationError {
            return error.problems.map(\.description)
        } catch {
            return ["\(error)"]
        }
    }

    @Test("a short file is enough: the rest has defaults")
    func defaults() throws {
        let sample = try ConfigurationSample()
        defer { sample.remove() }
        let configuration = try Configuration(file: sample.file)
        #expect(try configuration.domain == JID("news.verona.lit"))
        #expect(configuration.stream.host == "127.0.0.1")
        #expect(configuration.stream.port == 5347)
        #expect(try configuration.stream.pingTarget == JID("verona.lit"))
        #expect(configuration.stream.secret == Secret("s3cret"))
        #expect(configuration.database.lastPathComponent == "broadsheet.sqlite")
        let newsletter = try #require(configuration.newsletters.first?.newsletter)
        #expect(try newsletter.contact == JID("dispatch@news.verona.lit"))
        #expect(newsletter.feeds.map(\.node.rawValue) == ["dispatch-en", "dispatch-de"])
        let room = try #require(configuration.rooms.first)
        #expect(room.newsletters == ["dispatch"])
        #expect(room.roles == [.owner: .publisher, .member: .editor])
        #expect(try configuration.people == [JID("benvolio@verona.lit"): .publisher])
    }

    @Test("a cluster has several servers, and each has to be an address with its port")
    func otherServers() throws {
        let key = "  other_servers: [localhost:5348, \"[::1]:5347\"]\n  secret_file"
        let sample = try ConfigurationSample(replacing: "  secret_file", with: key)
        defer { sample.remove() }
        let servers = try Configuration(file: sample.file).stream.servers
        #expect(servers.map(\.description) == ["127.0.0.1:5347", "localhost:5348", "[::1]:5347"])
        let other = try ConfigurationSample(
            replacing: "  secret_file",
            with: "  other_servers: [\"::1\", \":5347\", localhost]\n  secret_file"
        )
        #expect(
            problems(other) == [
                "broadsheet.yaml:3: 'component.other_servers' should be a list of HOST:PORT."
            ]
        )
    }

    @Test("paths are relative to the file, wherever the service is started")
    func relativePaths() throws {
        let sample = try ConfigurationSample()
        defer { sample.remove() }
        let configuration = try Configuration(file: sample.file)
        let folder = sample.folder.path(percentEncoded: false)
        #expect(configuration.database.path(percentEncoded: false).hasPrefix(folder))
    }

    @Test("an unknown key is refused with its line and the nearest one")
    func unknownKey() throws {
        let sample = try ConfigurationSample(replacing: "languages: [en", with: "langauges: [en")
        #expect(
            problems(sample) == [
                "broadsheet.yaml:8: There is no key 'newsletters.dispatch.langauges'; "
                    + "did you mean 'newsletters.dispatch.languages'?"
            ]
        )
    }

    @Test("all mistakes are told at once, in the order of the file")
    func severalMistakes() throws {
        let sample = try ConfigurationSample(
            """
            component:
              jid: "@"
              server: nowhere
              secret_file: missing
            newsletters:
              dispatch:
                issues: nowhere
            rooms:
              - jid: rooms.verona.lit
                roles: {king: publisher, owner: tsar}
            log: {level: loud}
            """
        )
        let lines = problems(sample).map { $0.split(separator: ":")[1] }
        #expect(lines == ["2", "3", "4", "7", "7", "9", "10", "10", "11"])
    }

    @Test("what has no default is asked for by name")
    func missing() throws {
        let sample = try ConfigurationSample(replacing: "  jid: news.verona.lit\n", with: "")
        #expect(
            problems(sample) == [
                "broadsheet.yaml:2: 'component.jid' is missing; it has no default."
            ]
        )
    }

    @Test("broken YAML is explained with its line")
    func brokenYAML() throws {
        let sample = try ConfigurationSample("component:\n  jid: [news\nlog: {}\n")
        let said = problems(sample)
        #expect(said.count == 1)
        #expect(said[0].hasPrefix("broadsheet.yaml:3: This is not valid YAML"))
    }

    @Test("a key that stands twice is refused")
    func twice() throws {
        let sample = try ConfigurationSample(ConfigurationSample.good + "\npeople: {}\n")
        let said = problems(sample)
        #expect(said.count == 1)
        #expect(said[0].contains("'people'") || said[0].contains("people"))
        #expect(said[0].contains("twice"))
    }

    @Test("an empty secret is refused, and never shown")
    func emptySecret() throws {
        let sample = try ConfigurationSample()
        try Data("\n".utf8).write(to: sample.folder.appending(path: "secret"))
        let said = problems(sample)
        #expect(said.count == 1 && said[0].contains("is empty"))
    }

    @Test("a file that is not there is named")
    func noFile() {
        let file = URL(filePath: "/nowhere/broadsheet.yaml")
        #expect {
            _ = try Configuration(file: file)
        } throws: { error in
            "\(error)".hasPrefix("/nowhere/broadsheet.yaml: There is no such file.")
        }
    }

    @Test("TLS trusts the system, a file of authorities, or one certificate")
    func security() throws {
        let colons = Array(repeating: "AB", count: 32).joined(separator: ":")
        let fingerprint = try #require(CertificateFingerprint(colons))
        for (lines, expected) in [
            ("", StreamSecurity.plain),
            ("tls: direct", .tls(TLSConfiguration())),
            (
                "tls: direct\n  tls_fingerprint: \(colons)\n  tls_name: xmpp.verona.lit",
                .tls(
                    TLSConfiguration(
                        trust: .fingerprint(fingerprint),
                        serverName: "xmpp.verona.lit"
                    )
                )
            ),
            (
                "tls: direct\n  tls_ca_file: /etc/ca.pem",
                .tls(TLSConfiguration(trust: .authorities(file: "/etc/ca.pem")))
            ),
        ] {
            let sample = try ConfigurationSample(
                replacing: "secret_file: secret",
                with: "secret_file: secret\n  \(lines)"
            )
            defer { sample.remove() }
            #expect(try Configuration(file: sample.file).stream.security == expected)
        }
    }

    @Test("a fingerprint without TLS, and one that is none, are mistakes")
    func securityMistakes() throws {
        let idle = try ConfigurationSample(
            replacing: "secret_file: secret",
            with: "secret_file: secret\n  tls_name: a.example"
        )
        #expect(problems(idle).count == 1)
        let short = try ConfigurationSample(
            replacing: "secret_file: secret",
            with: "secret_file: secret\n  tls: direct\n  tls_fingerprint: AB:CD"
        )
        #expect(problems(short).count == 1)
    }

    @Test("the limits of what the server may send can be set, each within reason")
    func limits() throws {
        let sample = try ConfigurationSample(
            replacing: "secret_file: secret",
            with: """
                secret_file: secret
                  maximum_stanza_size: 20000
                  maximum_depth: 17
                  maximum_attributes: 18
                  maximum_name_length: 65
                  maximum_header_size: 2000
                """
        )
        defer { sample.remove() }
        let limits = try Configuration(file: sample.file).stream.limits
        #expect(limits.maximumStanzaSize == 20_000)
        #expect(limits.maximumDepth == 17)
        #expect(limits.maximumAttributes == 18)
        #expect(limits.maximumNameLength == 65)
        #expect(limits.maximumHeaderSize == 2000)
    }

    @Test(
        "a limit that would refuse what every server sends is a mistake",
        arguments: [
            "maximum_stanza_size: 9999", "maximum_depth: 1", "maximum_attributes: 0",
            "maximum_name_length: 10", "maximum_header_size: -1", "maximum_depth: deep",
        ]
    )
    func senselessLimits(line: String) throws {
        let sample = try ConfigurationSample(
            replacing: "secret_file: secret",
            with: "secret_file: secret\n  \(line)"
        )
        let said = problems(sample)
        #expect(said.count == 1)
        #expect(said[0].hasPrefix("broadsheet.yaml:4: ") && said[0].contains("whole number"))
    }

    @Test("who may create nodes: people, or everybody of a domain")
    func creators() throws {
        let sample = try ConfigurationSample(
            ConfigurationSample.good + """

                pubsub:
                  creators: [Juliet@verona.lit, mantua.lit]
                  contacts: {admin: "xmpp:benvolio@verona.lit"}
                """
        )
        defer { sample.remove() }
        let pubsub = try Configuration(file: sample.file).pubsub
        #expect(try pubsub.creators.contains(JID("juliet@verona.lit/x")))
        #expect(try pubsub.creators.contains(JID("anybody@mantua.lit")))
        #expect(try !pubsub.creators.contains(JID("romeo@verona.lit")))
        #expect(pubsub.contacts.uris == [.admin: ["xmpp:benvolio@verona.lit"]])
    }

    @Test("affiliations of a room that may create nodes are named, and no others are taken")
    func roomCreators() throws {
        let good = try ConfigurationSample(
            replacing: "    roles:",
            with: "    creators: [owner, member]\n    roles:"
        )
        defer { good.remove() }
        #expect(try Configuration(file: good.file).rooms.first?.creators == [.owner, .member])
        let bad = try ConfigurationSample(
            replacing: "    roles:",
            with: "    creators: [king]\n    roles:"
        )
        #expect(
            problems(bad) == [
                "broadsheet.yaml:11: 'king' is not an affiliation: owner, admin, member or none."
            ]
        )
    }

    @Test("a contact of no known purpose, or that is no address, is refused")
    func contacts() throws {
        let sample = try ConfigurationSample(
            ConfigurationSample.good + "\npubsub: {contacts: {king: 'xmpp:a@b', admin: me}}\n"
        )
        #expect(problems(sample).count == 2)
    }

    @Test("two feeds may not share a node")
    func sharedNode() throws {
        let sample = try ConfigurationSample(
            replacing: "languages: [en, de]",
            with: "languages: [en, de]\n    nodes: {en: News, de: News}"
        )
        #expect(problems(sample) == ["broadsheet.yaml:5: The node 'News' is used for 2 feeds."])
    }

    @Test("drafts have a node of their own, and a place that is not given out")
    func drafts() throws {
        func problems(_ lines: String) throws -> [String] {
            self.problems(
                try ConfigurationSample(
                    replacing: "languages: [en, de]",
                    with: "languages: [en, de]\n    " + lines
                )
            )
        }
        #expect(
            try problems("nodes: {en: News, de: News-draft}").map { $0.contains("'News-draft'") }
                == [true]
        )
        let web = "drafts_web: 'https://verona.lit/drafts/'"
        #expect(try problems("site: {output: web, drafts_output: drafts, \(web)}") == [])
        for place in ["web", "web/drafts", "."] {
            let found = try problems("site: {output: web, drafts_output: \(place), \(web)}")
            #expect(found.map { $0.contains("Drafts would be seen") } == [true], "\(place)")
        }
        #expect(try problems("site: {\(web)}").map { $0.contains("need both") } == [true])
    }

    @Test("an editors' room can't be one that reads as well")
    func editorsRoomThatReads() throws {
        let sample = try ConfigurationSample(
            replacing: "languages: [en, de]",
            with: "languages: [en, de]\n    "
                + "announce_in: [garden@rooms.verona.lit, comm-team@rooms.verona.lit]"
        )
        let found = problems(sample)
        #expect(found.count == 1)
        #expect(found.first?.contains("'comm-team@rooms.verona.lit' is one of 'rooms'") == true)
    }

    @Test("a newsletter's items are at our own service, or at another")
    func engine() throws {
        func sample(_ engine: String) throws -> ConfigurationSample {
            try ConfigurationSample(
                replacing: "languages: [en, de]",
                with: "languages: [en, de]\n    engine: \(engine)"
            )
        }
        for (engine, service) in [("local", nil), ("pubsub.verona.lit", "pubsub.verona.lit")] {
            let sample = try sample(engine)
            defer { sample.remove() }
            let newsletter = try Configuration(file: sample.file).newsletters.first?.newsletter
            #expect(try newsletter?.engine == service.map { try JID($0) })
        }
        for engine in ["romeo@verona.lit", "verona.lit/x", "'@'"] {
            let found = problems(try sample(engine))
            #expect(found.count == 1)
            #expect(found.first?.contains("should be 'local', or the address") == true)
        }
        let own = problems(try sample("news.verona.lit"))
        #expect(own.first?.contains("is Broadsheet's own address") == true)
    }

    @Test("an engine is not asked again without a pause")
    func engineLimits() throws {
        let sample = try ConfigurationSample(
            replacing: "rooms:\n",
            with: "engines: {retry_limit: 0}\nrooms:\n"
        )
        let found = problems(sample)
        #expect(found.count == 1)
        #expect(found.first?.contains("'engines.retry_limit' should be at least") == true)
    }

    @Test("how many strangers may wait to leave an engine is read")
    func waitingLeavings() throws {
        func sample(_ number: Int) throws -> ConfigurationSample {
            try ConfigurationSample(
                replacing: "rooms:\n",
                with: "engines: {waiting_leavings: \(number)}\nrooms:\n"
            )
        }
        let few = try sample(20)
        defer { few.remove() }
        #expect(try Configuration(file: few.file).engines.waitingLeavings == 20)
        let found = problems(try sample(-1))
        #expect(found.count == 1)
        #expect(found.first?.contains("'engines.waiting_leavings' should be a whole") == true)
    }

    @Test("a room can't read two newsletters")
    func sharedRoom() throws {
        let reading = "    announce_in: [garden@rooms.verona.lit]\n"
        let sample = try ConfigurationSample(
            replacing: "rooms:\n",
            with: reading + "  gazette:\n    title: Gazette\n    issues: issues\n" + reading
                + "rooms:\n"
        )
        let found = problems(sample).filter { $0.contains("announce_in") }
        #expect(found.count == 1)
        #expect(found.first?.contains("'dispatch' and 'gazette'") == true)
    }

    @Test("a room of an unknown newsletter is refused")
    func unknownNewsletter() throws {
        let sample = try ConfigurationSample(
            replacing: "roles: {owner",
            with: "newsletters: [gazette]\n    roles: {owner"
        )
        #expect(problems(sample) == ["broadsheet.yaml:11: There is no newsletter 'gazette'."])
    }

    @Test("of the smallest stanza that servers take, half is left for a payload")
    func smallStanzas() throws {
        let sizes = { (payload: Int) in
            try ConfigurationSample(
                ConfigurationSample.good
                    + "\npubsub: {largest_stanza: 65536, maximum_payload_size: \(payload)}\n"
            )
        }
        #expect(try problems(sizes(32_768)).isEmpty)
        #expect(try problems(sizes(32_769)).first?.contains("32768") == true)
    }
}
