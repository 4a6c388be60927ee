public import XMPP

/// A command that somebody gives: who, where, in what language and with what arguments.
public struct CommandInvocation: Hashable, Sendable {
    /// The command's own name, not an alias.
    public var command: String
    public var arguments: CommandArguments
    public var invoker: Invoker
    public var face: Face
    /// The newsletter that the place belongs to; nil where there are several to choose from.
    public var newsletter: String?
    /// The language to answer in (RFC 5646).
    public var language: String
    /// Whether the question the command asks first has been answered.
    public var consent: CommandConsent

    public init(
        command: String,
        arguments: CommandArguments = [:],
        invoker: Invoker,
        face: Face,
        newsletter: String? = nil,
        language: String = "en",
        consent: CommandConsent = .notGiven
    ) {
        self.command = command
        self.arguments = arguments
        self.invoker = invoker
        self.face = face
        self.newsletter = newsletter
        self.language = language
        self.consent = consent
    }
}

/// Whether somebody has agreed to what a command is about to do.
public enum CommandConsent: Hashable, Sendable {
    case notGiven
    /// To what this very question asks; if the command would ask another by now, it does.
    case to(question: String)
    /// To all it could ask, as with `--yes` in the shell.
    case toEverything
}

/// Who gives a command, and what that person may do there.
public struct Invoker: Hashable, Sendable {
    public var role: Role
    /// The real bare address, if it is known.
    public var jid: JID?
    /// What to call the person, such as a nick; it proves nothing.
    public var displayName: String
    /// By which a room knows the person whatever the nick, if it gives such ids (XEP-0421).
    public var occupantID: String?
    /// The room that has given the id, which means nothing elsewhere.
    public var room: JID?

    public init(
        role: Role,
        jid: JID?,
        displayName: String,
        occupantID: String? = nil,
        room: JID? = nil
    ) {
        self.role = role
        self.jid = jid?.bare
        self.displayName = displayName
        self.occupantID = occupantID
        self.room = room?.bare
    }
}

/// Where a command is given, and its answer said.
public enum Face: Hashable, Sendable {
    case room(JID)
    /// A direct chat with that address of ours.
    case chat(contact: JID)
    case shell
    case adHoc

    /// What stands before a command there.
    var prefix: String {
        switch self {
        case .room: "!"
        case .chat, .adHoc: ""
        case .shell: "broadsheet "
        }
    }
}

/// The arguments of a command by the names of its parameters, read as their kinds ask.
public struct CommandArguments: Hashable, Sendable, ExpressibleByDictionaryLiteral {
    private var values: [String: [String]]

    /// The values of a form's fields, each as a parameter's reading has it.
    public init(_ values: [String: [String]]) {
        self.values = values.filter { !$0.value.isEmpty }
    }

    public init(dictionaryLiteral elements: (String, String)...) {
        values = Dictionary(elements.map { ($0, [$1]) }, uniquingKeysWith: +)
    }

    /// The argument of that name, the first if there are several.
    public subscript(name: String) -> String? { values[name]?.first }

    /// All arguments of that name in the order they were written.
    public func all(_ name: String) -> [String] { values[name] ?? [] }

    mutating func append(_ value: String, for name: String) {
        values[name, default: []].append(value)
    }
}
