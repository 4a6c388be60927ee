public import Availability
public import Commands
public import Component
public import Delivery
public import Foundation
public import Issues
public import LinkCheck
public import Logging
public import Newsroom
public import PubSub
public import Publishing
public import Readers
public import XMPP

/// All that an operator sets, read from one YAML file and checked.
public struct Configuration: Sendable {
    public var stream: StreamConfiguration
    /// The SQLite file.
    public var database: URL
    /// The Unix socket that `broadsheet status` and the other commands of the shell talk to.
    public var controlSocket: URL
    /// Where metrics are shown; nil if nowhere.
    public var monitoring: MonitoringAddress?
    public var delivery: DeliverySettings
    /// The largest text of a message to a chat reader, in bytes; nil if none is ever cut.
    public var messageSize: Int?
    /// What the PubSub service allows others; its name and version are not set here.
    public var pubsub: PubSubSettings
    /// How many commands may wait for those who gave them.
    public var commands: AdHocLimits
    /// How many of the commands that changed something are remembered.
    public var logEntries: Int
    /// How often a room is told at most how far a delivery is.
    public var progressInterval: Duration
    /// How late an issue may still go out by its schedule.
    public var scheduleGrace: Duration
    /// How often one person is answered in a minute, in direct chats.
    public var answersPerMinute: Int
    /// After how long readers are asked whether they still read.
    public var idleReaders: IdleLimits
    /// How long a reader is taken to be busy who has said so.
    public var busyLimit: Duration
    /// How much is asked of us in rooms that read.
    public var guests: GuestLimits
    /// Bytes of a command: of a line, or of all that a form holds.
    public var commandLength: Int
    /// How many one person may give in a room.
    public var commandsPerMinute: Int
    /// How many commands may wait, from rooms and from elsewhere.
    public var waitingCommands: Int
    /// How editors may have links followed; nil if they may not.
    public var links: LinkSettings?
    /// How much strangers may ask for.
    public var traffic: TrafficLimits
    public var newsletters: [NewsletterSettings]
    /// How patient we are with the newsletters' engines.
    public var engines = EngineSettings()
    public var rooms: [RoomSettings]
    /// What people may do wherever they are known by their bare address.
    public var people: [JID: Role]
    public var logLevel: Logger.Level
    /// Whether the log says whose address it is at levels above `debug` too.
    public var showsAddresses: Bool
    /// What is allowed but had better be otherwise.
    public var warnings: [ConfigurationProblem]
    /// What the file says, key by key, to see what has changed when it is read again.
    var written: [String: [String]] = [:]

    /// The component's domain, which is the PubSub service.
    public var domain: JID { stream.domain }
}

/// A newsletter, and where its issues lie.
public struct NewsletterSettings: Sendable {
    public var newsletter: Newsletter
    /// The directory of the issue files.
    public var issues: URL
    /// Where the issues stand on the web, `https://example.org/`, if they do.
    public var web: String?
    /// The folder that holds the files of the site, or its images at least.
    public var images: URL?
    /// What the newsletter is about, for those who look at its contact.
    public var about: String?
    /// The picture of its contact.
    public var avatar: Avatar?
    /// How the headings of sections are told; nil if by their level alone.
    public var taxonomy: Taxonomy?
    /// What the issues are checked for before they go out.
    public var checks: CheckSettings
    /// In which its editors say times.
    public var zone = LocalZone.utc
    /// Rooms in which its issues are announced unless they have ended it.
    public var readingRooms: [JID] = []
    /// What is due on which days.
    public var calendar = EditorialCalendar()
    /// What brings its files up to date, if anything does.
    public var refresh: RefreshCommandLine?
    /// How many people have to agree before an issue goes out.
    public var approvals = ApprovalRules()
    /// The folder of copies of the XSF's `xeplist.xml` that `specs` compares.
    public var specificationLists: URL?
    /// The archive of its issues on the web.
    public var archive = ArchiveSettings()

    /// The language of files that name none.
    public var language: String { newsletter.defaultFeed.language }

    /// Where the issues stand on the web.
    public var site: WebSite? { web.map { WebSite(base: $0, defaultLanguage: language) } }
}

/// A room of the editorial team.
public struct RoomSettings: Sendable {
    public var room: JID
    public var nick: String
    public var password: String?
    /// The names of the newsletters that are made there; the first one gives the bot its address.
    public var newsletters: [String]
    /// The newsletters whose issues are announced there.
    public var announces: [String] = []
    /// What each affiliation (XEP-0045 §5.2) may do.
    public var roles: [RoomAffiliation: Role]
    /// What each hat (XEP-0317) may do, by its URI.
    public var hats: [String: Role] = [:]
    /// In which times are said there; nil for each newsletter's own.
    public var zone: LocalZone?
    /// In which is answered there to those whose client says no language.
    public var language = "en"
    /// The affiliations with which one may create nodes of one's own at the PubSub service.
    public var creators: Set<RoomAffiliation> = []
    /// The sign on a message that collects it as news; nil if none does.
    public var newsSign: String?
    /// How many of the room's last messages such a sign may point at.
    public var rememberedMessages = 0
}

/// One problem of a configuration file, at its place.
public struct ConfigurationProblem: Error, Hashable, Sendable, CustomStringConvertible {
    public let file: String
    /// From 1; 0 if it concerns the file as a whole.
    public let line: Int
    public let message: String

    public var description: String {
        line > 0 ? "\(file):\(line): \(message)" : "\(file): \(message)"
    }
}

/// Everything that is wrong with a configuration file; it is refused as a whole.
public struct ConfigurationError: Error, Sendable, CustomStringConvertible {
    public let problems: [ConfigurationProblem]

    public var description: String {
        problems.map(\.description).joined(separator: "\n")
    }
}
