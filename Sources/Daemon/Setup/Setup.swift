import Foundation
public import XMPP

/// What somebody who sets Broadsheet up has to know, and the texts that follow from it.
public struct Setup: Sendable {
    /// The makes of server whose side of the configuration we can write.
    public enum Server: String, CaseIterable, Sendable {
        case prosody, ejabberd
    }

    public var server: Server
    /// The component's domain.
    public var domain: JID
    /// The localpart of the newsletter's address.
    public var newsletter: String
    public var title: String
    public var language: String
    public var languages: [String]
    /// The room of the editorial team, if it has one.
    public var room: JID?
    /// Who may publish by their address.
    public var publishers: [JID]
    public var places: Places

    /// Where things lie; relative paths start at the configuration's folder.
    public struct Places: Hashable, Sendable {
        public var database: String
        public var socket: String
        public var issues: String

        /// Those that the unit makes.
        public static let system = Places(
            database: "/var/lib/broadsheet/broadsheet.sqlite",
            socket: "/run/broadsheet/control.sock",
            issues: "/var/lib/broadsheet/issues"
        )
        /// All in one folder.
        public static let folder = Places(
            database: "broadsheet.sqlite",
            socket: "control.sock",
            issues: "issues"
        )
    }

    public init(
        server: Server,
        domain: JID,
        newsletter: String,
        title: String,
        language: String,
        languages: [String],
        room: JID?,
        publishers: [JID],
        places: Places
    ) {
        self.server = server
        self.domain = domain
        self.newsletter = newsletter
        self.title = title
        self.language = language
        self.languages = languages
        self.room = room
        self.publishers = publishers
        self.places = places
    }

    /// A secret nobody guesses: 192 random bits, in hexadecimal.
    public static func makeSecret() -> String {
        var generator = SystemRandomNumberGenerator()
        return (0..<24).map { _ in
            let digits = String(UInt8.random(in: 0...255, using: &generator), radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }
}

// MARK: - Broadsheet's side

extension Setup {
    /// The configuration, with a comment where somebody may want to change something.
    public var configuration: String {
        """
        # Broadsheet's configuration. `man broadsheet.yaml` explains these keys, and all others.
        # Relative paths start at the folder of this file. Check it with: broadsheet doctor

        component:
          # The address of the service. Newsletters are contacts there: \(newsletter)@\(domain).
          jid: \(domain)
          # Host and port where the server takes components.
          server: 127.0.0.1:5347
          # The same line stands in the server's configuration; nobody else may know it.
          secret_file: secret

        # Subscriptions, items, and how far each delivery has come.
        database: \(Self.quoted(places.database))

        # Whoever can open this socket may give commands in the shell.
        control:
          socket: \(Self.quoted(places.socket))

        newsletters:
          # Readers subscribe to \(newsletter)@\(domain), or to the nodes \(nodes).
          \(newsletter):
            title: \(Self.quoted(title))
            # The folder of the issue files: 2026-04-05-\(newsletter).md is in \(language).
            issues: \(Self.quoted(places.issues))
            language: \(Self.quoted(language))
            languages: [\(languages.map(Self.quoted).joined(separator: ", "))]
            # The address of its web site; links that begin with / start there.
            # web: https://example.org/

        \(rooms)

        \(people)

        """
    }

    private var nodes: String {
        languages.map { "\(newsletter)-\($0)" }.joined(separator: ", ")
    }

    private var rooms: String {
        guard let room else {
            return """
                # A group chat in which editors give commands, such as !publish.
                # rooms:
                #   - jid: comm-team@rooms.example.org
                #     roles: {owner: publisher, admin: publisher, member: editor}
                """
        }
        return """
            # The group chat in which editors give commands; !help lists them.
            rooms:
              - jid: \(Self.quoted("\(room)"))
                nick: \(Self.quoted(title))
                # What an affiliation there entitles to: reader, editor, publisher or operator.
                roles:
                  owner: publisher
                  admin: publisher
                  member: editor
            """
    }

    private var people: String {
        guard !publishers.isEmpty else {
            return """
                # What people may do by their address, in a direct chat as well.
                # people:
                #   benvolio@example.org: publisher
                """
        }
        let lines = publishers.map { "\n  \(Self.quoted("\($0.bare)")): publisher" }
        return "# What people may do by their address, in a direct chat as well.\npeople:"
            + lines.joined()
    }

    /// A text that YAML reads back as it is.
    private static func quoted(_ text: String) -> String {
        let isPlain = text.wholeMatch(of: /[A-Za-z\/][A-Za-z0-9.\/_-]*/) != nil
        // Words that YAML takes for something else.
        let isWord = ["no", "yes", "on", "off", "true", "false", "null", "y", "n"]
            .contains(text.lowercased())
        guard !isPlain || isWord else { return text }
        let escaped = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        return "\"\(escaped.replacing("\n", with: " "))\""
    }
}

// MARK: - The server's side

extension Setup {
    /// What belongs into the server's configuration.
    public func serverSide(secret: String) -> String {
        switch server {
        case .prosody:
            """
            Component "\(domain)"
                component_secret = "\(secret)"
            """
        case .ejabberd:
            """
            listen:
              - port: 5347
                ip: "127.0.0.1"
                module: ejabberd_service
                hosts:
                  "\(domain)":
                    password: "\(secret)"
            """
        }
    }

    /// Where that belongs, and what makes it count.
    public var serverAdvice: String {
        switch server {
        case .prosody:
            """
            Put this at the end of /etc/prosody/prosody.cfg.lua, then run: systemctl restart prosody
            Prosody takes components at 127.0.0.1:5347 unless `component_ports` says otherwise.
            """
        case .ejabberd:
            """
            Put this into /etc/ejabberd/ejabberd.yml; what stands below `listen:` joins the entries that
            are there. Then run: systemctl restart ejabberd
            """
        }
    }
}
