import Commands
import Component
import Delivery
public import Foundation
import Logging
import Newsroom
import Publishing
import XML
import XMPP
import Yams

extension Configuration {
    /// Reads and checks a configuration file.
    ///
    /// - Throws: ``ConfigurationError`` with everything that is wrong with it.
    public init(file: URL) throws {
        let record = SettingsReader.Record(file: file)
        let configuration = try Self.read(record: record)
        guard record.problems.isEmpty, let configuration else {
            throw ConfigurationError(problems: record.problems.sorted { $0.line < $1.line })
        }
        self = configuration
    }

    /// Every key there is, in the order in which they are read.
    package static func knownKeys() -> [KnownKey] {
        let sample = """
            newsletters: {NAME: {}}
            rooms: [{}]
            """
        let record = SettingsReader.Record(file: URL(filePath: "/sample.yaml"))
        _ = try? read(text: sample, record: record)
        return record.known
    }

    private static func read(record: SettingsReader.Record) throws -> Configuration? {
        let text: String
        do {
            text = try String(contentsOf: record.file, encoding: .utf8)
        } catch {
            throw ConfigurationError(problems: [
                ConfigurationProblem(
                    file: record.file.path(percentEncoded: false),
                    line: 0,
                    message: "The file can't be read: \(error.localizedDescription)"
                )
            ])
        }
        return try read(text: text, record: record)
    }

    private static func read(text: String, record: SettingsReader.Record) throws -> Configuration? {
        do {
            let node = try Yams.compose(yaml: text) ?? Node.mapping([:])
            return SettingsReader.read(node, path: "", record: record) { settings in
                ConfigurationReading(settings).configuration
            }
        } catch let error as YamlError {
            throw ConfigurationError(problems: [
                ConfigurationProblem(
                    file: record.file.lastPathComponent,
                    line: error.line,
                    message: "This is not valid YAML: \(error.sentence)"
                )
            ])
        }
    }
}

extension YamlError {
    fileprivate var line: Int {
        switch self {
        case .scanner(_, _, let mark, _), .parser(_, _, let mark, _), .composer(_, _, let mark, _):
            mark.line
        case .duplicatedKeysInMapping(_, let context):
            context.mark.line
        default:
            0
        }
    }

    fileprivate var sentence: String {
        switch self {
        case .scanner(_, let problem, _, _), .parser(_, let problem, _, _),
            .composer(_, let problem, _, _):
            problem + "."
        case .duplicatedKeysInMapping(let keys, _):
            "the key \(keys.map { "'\($0)'" }.joined(separator: ", ")) stands twice."
        default:
            "\(self)"
        }
    }
}

/// One pass over the settings, section by section.
private struct ConfigurationReading {
    let settings: SettingsReader
    /// Nil if something was wrong; the record knows what.
    let configuration: Configuration?

    init(_ settings: SettingsReader) {
        self.settings = settings
        let stream = settings.section("component", Self.stream)
        let database = settings.file("database", default: "broadsheet.sqlite")
        let socket = settings.section("control") { $0.file("socket", default: "control.sock") }
        let delivery = settings.section("delivery", Self.delivery)
        let newsletters = settings.named("newsletters") { name, section in
            Self.newsletter(name, section, domain: stream?.domain)
        }
        let rooms = settings.list("rooms") { Self.room($0, newsletters: newsletters) }
        let people = Self.people(settings)
        let level = settings.section("log") { $0.choice("level", default: Logger.Level.info) }
        if newsletters.isEmpty {
            settings.note("'newsletters' is empty: at least one newsletter is needed.", at: 1)
        }
        guard let stream else {
            configuration = nil
            return
        }
        configuration = Configuration(
            stream: stream,
            database: database,
            controlSocket: socket,
            delivery: delivery,
            newsletters: newsletters.compactMap { $0 },
            rooms: rooms.compactMap { $0 },
            people: people,
            logLevel: level
        )
    }

    // MARK: - The stream

    private static func stream(_ section: SettingsReader) -> StreamConfiguration? {
        let domain = section.address("jid")
        let server = section.string("server", default: "127.0.0.1:5347") ?? ""
        let secret = secret(section)
        let ping = section.string("server_domain").flatMap { text in
            section.address(text, at: "component.server_domain", line: nil)
        }
        var timings = StreamTimings()
        timings.request = section.seconds("request_timeout", default: timings.request)
        timings.silence = section.seconds("keep_alive", default: timings.silence)
        let size = section.integer(
            "maximum_stanza_size",
            default: 1_048_576,
            in: 10_000...100_000_000
        )
        guard let (host, port) = endpoint(server) else {
            section.note("'component.server' should be HOST:PORT.", key: "server")
            return nil
        }
        guard let domain, let secret else { return nil }
        guard domain == domain.domain else {
            section.note("'component.jid' should be a domain alone, without '@'.", key: "jid")
            return nil
        }
        return StreamConfiguration(
            domain: domain,
            host: host,
            port: port,
            secret: secret,
            limits: ParserLimits(maximumStanzaSize: size),
            timings: timings,
            pingTarget: ping
        )
    }

    /// Splits `host:port`; an IPv6 address stands in brackets.
    private static func endpoint(_ text: String) -> (host: String, port: Int)? {
        guard let colon = text.lastIndex(of: ":"),
            let port = Int(text[text.index(after: colon)...]), (1...65535).contains(port)
        else { return nil }
        let host = text[..<colon].trimmingCharacters(in: ["[", "]"])
        return host.isEmpty ? nil : (host, port)
    }

    private static func secret(_ section: SettingsReader) -> Secret? {
        guard let file = section.requiredFile("secret_file") else { return nil }
        let path = file.path(percentEncoded: false)
        guard let text = try? String(contentsOf: file, encoding: .utf8) else {
            section.note("The secret can't be read from \(path).", key: "secret_file")
            return nil
        }
        let secret = text.trimmingCharacters(in: .newlines)
        guard !secret.isEmpty else {
            section.note("The secret in \(path) is empty.", key: "secret_file")
            return nil
        }
        return Secret(secret)
    }

    private static func delivery(_ section: SettingsReader) -> DeliverySettings {
        var settings = DeliverySettings()
        settings.batchSize = section.integer(
            "batch_size",
            default: settings.batchSize,
            in: 1...10_000
        )
        settings.window = section.integer("window", default: settings.window, in: 1...64)
        settings.rewind = section.seconds("rewind", default: settings.rewind)
        settings.barrierTimeout = section.seconds(
            "barrier_timeout",
            default: settings.barrierTimeout
        )
        return settings
    }

    // MARK: - Newsletters

    private static func newsletter(
        _ name: String,
        _ section: SettingsReader,
        domain: JID?
    ) -> NewsletterSettings? {
        let title = section.required("title")
        let issues = section.requiredFile("issues")
        let web = section.string("web")
        let language = section.string("language", default: "en") ?? "en"
        let languages = section.strings("languages", default: [language]) ?? []
        let names = section.texts("nodes")
        let author = section.string("author") ?? title
        let rights = section.string("rights")
        let feeds = ([language] + languages.filter { $0 != language }).compactMap { language in
            NodeID(rawValue: names[language] ?? "\(name)-\(language)").map {
                Newsletter.Feed(language: language, node: $0)
            }
        }
        guard let issues else { return nil }
        checkDirectory(issues, section)
        guard let domain, let defaultFeed = feeds.first else { return nil }
        guard let contact = try? JID(localpart: name, domainpart: domain.domainpart) else {
            section.note("'\(name)' can't be the localpart of an XMPP address.", at: nil)
            return nil
        }
        return NewsletterSettings(
            newsletter: Newsletter(
                name: name,
                title: title,
                contact: contact,
                defaultFeed: defaultFeed,
                otherFeeds: Array(feeds.dropFirst()),
                author: author,
                rights: rights
            ),
            issues: issues,
            web: web
        )
    }

    private static func checkDirectory(_ url: URL, _ section: SettingsReader) {
        let path = url.path(percentEncoded: false)
        var isDirectory: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory)
        if !exists || !isDirectory.boolValue {
            section.note("There is no directory \(path) to read issues from.", key: "issues")
        }
    }

    // MARK: - People

    private static func room(
        _ section: SettingsReader,
        newsletters: [NewsletterSettings?]
    ) -> RoomSettings? {
        let room = section.address("jid")
        let nick = section.string("nick", default: "Broadsheet") ?? "Broadsheet"
        let password = section.string("password")
        let all = newsletters.compactMap { $0?.newsletter.name }
        let names = section.strings("newsletters", default: nil) ?? all
        var roles: [RoomAffiliation: Role] = [:]
        for (name, line, role) in section.choices("roles", of: Role.self) {
            if let affiliation = RoomAffiliation(rawValue: name) {
                roles[affiliation] = role
            } else {
                section.note(
                    "'\(name)' is not an affiliation: owner, admin, member or none.",
                    at: line
                )
            }
        }
        for name in names where !all.contains(name) && !newsletters.contains(where: { $0 == nil }) {
            section.note("There is no newsletter '\(name)'.", key: "newsletters")
        }
        guard let room else { return nil }
        guard room.isBare, room.localpart != nil else {
            section.note("'rooms.jid' should be a room's address, room@service.", key: "jid")
            return nil
        }
        return RoomSettings(
            room: room,
            nick: nick,
            password: password,
            newsletters: names,
            roles: roles
        )
    }

    private static func people(_ settings: SettingsReader) -> [JID: Role] {
        var people: [JID: Role] = [:]
        for (name, line, role) in settings.choices("people", of: Role.self) {
            guard let address = settings.address(name, at: "people", line: line) else { continue }
            people[address.bare] = role
        }
        return people
    }
}
