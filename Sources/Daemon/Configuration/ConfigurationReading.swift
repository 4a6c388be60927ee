import Commands
import Delivery
import Foundation
import Issues
import Logging
import Newsroom
import Publishing
import XMPP

/// One pass over the settings, section by section.
struct ConfigurationReading {
    let settings: SettingsReader
    /// Nil if something was wrong; the record knows what.
    let configuration: Configuration?

    init(_ settings: SettingsReader) {
        self.settings = settings
        let stream = settings.section("component", Self.stream)
        let database = settings.file("database", default: "broadsheet.sqlite")
        let socket = settings.section("control") { Self.controlSocket($0, besides: database) }
        let monitoring = settings.section("metrics") {
            Self.monitoring($0, besides: [database, socket])
        }
        var delivery = settings.section("delivery", Self.delivery)
        var pubsub = settings.section("pubsub", Self.pubsub)
        delivery.settings.largestStanza = pubsub.maximumStanzaSize
        let commands = settings.section("commands", Self.commands)
        let links = settings.section("links", Self.links)
        let readers = settings.section("readers", Self.readers)
        pubsub.signUps = readers.signUps
        pubsub.suspendedExpiry = readers.suspendedExpiry
        let traffic = settings.section("limits", Self.traffic)
        var engines = settings.section("engines", Self.engines)
        engines.largestStanza = pubsub.maximumStanzaSize
        let newsletters = settings.named("newsletters") { name, section in
            Self.newsletter(name, section, domain: stream?.domain)
        }
        let rooms = settings.list("rooms") { Self.room($0, newsletters: newsletters) }
        let people = Self.people(settings)
        let log = settings.section("log") {
            (
                level: $0.choice("level", default: Logger.Level.info),
                showsAddresses: $0.boolean("addresses", default: false)
            )
        }
        if newsletters.isEmpty {
            settings.note("'newsletters' is empty: at least one newsletter is needed.", at: 1)
        }
        Self.checkNodes(newsletters, settings)
        Self.checkReadingRooms(newsletters, rooms, settings)
        Self.checkSharedRooms(newsletters, settings)
        guard let stream else {
            configuration = nil
            return
        }
        configuration = Configuration(
            stream: stream,
            database: database,
            controlSocket: socket,
            monitoring: monitoring,
            delivery: delivery.settings,
            messageSize: delivery.messageSize,
            pubsub: pubsub,
            commands: commands.limits,
            logEntries: commands.logEntries,
            progressInterval: commands.progressInterval,
            scheduleGrace: commands.scheduleGrace,
            answersPerMinute: readers.answersPerMinute,
            idleReaders: readers.idle,
            busyLimit: readers.busyLimit,
            guests: readers.guests,
            commandLength: commands.length,
            commandsPerMinute: commands.perMinute,
            waitingCommands: commands.waiting,
            links: links,
            traffic: traffic,
            newsletters: newsletters.compactMap { $0 },
            engines: engines,
            rooms: rooms.compactMap { $0 },
            people: people,
            logLevel: log.level,
            showsAddresses: log.showsAddresses,
            warnings: []
        )
    }

    private static func controlSocket(_ section: SettingsReader, besides database: URL) -> URL {
        let file = section.file("socket", default: "control.sock")
        if file.standardizedFileURL == database.standardizedFileURL {
            section.note("'control.socket' is the database. Name another file.", key: "socket")
        }
        let path = file.path(percentEncoded: false)
        let most = ControlSocket.longestPath
        if path.utf8.count > most {
            section.note(
                "The path of 'control.socket' is too long for a socket: "
                    + "\(path.utf8.count) bytes of at most \(most). It is \(path).",
                key: "socket"
            )
        }
        return file
    }

    private static func monitoring(
        _ section: SettingsReader,
        besides others: [URL]
    ) -> MonitoringAddress? {
        let key = "listen"
        guard let text = section.string(key, default: "off"), text != "off" else { return nil }
        do {
            let address = try MonitoringAddress(text, in: section.folder)
            if case .socket(let file) = address,
                others.map(\.standardizedFileURL).contains(file.standardizedFileURL)
            {
                section.note(
                    "'metrics.listen' is the database or the control socket. Name another file.",
                    key: key
                )
            }
            return address
        } catch {
            section.note("'metrics.listen' \(error.advice)", key: key)
            return nil
        }
    }

    private static func commands(
        _ section: SettingsReader
    ) -> CommandSettings {
        var limits = AdHocLimits()
        limits.sessions = section.integer("forms", default: limits.sessions, in: 1...1_000_000)
        limits.sessionsPerPerson = section.integer(
            "forms_per_person",
            default: limits.sessionsPerPerson,
            in: 1...1_000
        )
        limits.timeout = section.seconds("form_timeout", default: limits.timeout)
        limits.questionTimeout = section.seconds(
            "question_timeout",
            default: limits.questionTimeout
        )
        let entries = section.integer("log_entries", default: 1_000, in: 20...1_000_000)
        let interval = section.seconds("progress_interval", default: .seconds(5))
        let grace = section.seconds("schedule_grace", default: .seconds(300))
        return CommandSettings(
            limits: limits,
            logEntries: entries,
            progressInterval: interval,
            scheduleGrace: grace,
            length: section.integer("maximum_length", default: 4_096, in: 100...1_000_000),
            perMinute: section.integer("per_minute", default: 60, in: 1...10_000),
            waiting: section.integer("waiting", default: 1_000, in: 10...100_000)
        )
    }

    private struct CommandSettings {
        let limits: AdHocLimits
        let logEntries: Int
        let progressInterval: Duration
        let scheduleGrace: Duration
        /// Bytes of a command.
        let length: Int
        /// How many one person may give in a room.
        let perMinute: Int
        /// How many may wait.
        let waiting: Int
    }

    /// With what surrounds it, and `&lt;` for `<`, such a text makes a stanza of less than 64 KiB,
    /// the smallest limit that servers are found with.
    private static let messageSize = 60_000

    private static func delivery(
        _ section: SettingsReader
    ) -> (settings: DeliverySettings, messageSize: Int?) {
        var settings = DeliverySettings()
        settings.batchSize = section.integer(
            "batch_size",
            default: settings.batchSize,
            in: 1...10_000
        )
        settings.batchBytes = section.integer(
            "batch_bytes",
            default: settings.batchBytes,
            in: 1_024...16_777_216
        )
        settings.window = section.integer("window", default: settings.window, in: 1...64)
        settings.rewind = section.seconds("rewind", default: settings.rewind)
        settings.barrierTimeout = section.seconds(
            "barrier_timeout",
            default: settings.barrierTimeout
        )
        settings.pace = section.integer("pace", default: settings.pace, in: 0...10_000_000)
        settings.domainPace = section.integer(
            "domain_pace",
            default: settings.domainPace,
            in: 0...10_000_000
        )
        settings.multicast = section.choice("multicast", default: settings.multicast)
        settings.multicastBytes = section.integer(
            "multicast_bytes",
            default: settings.multicastBytes,
            in: 1...10_000_000
        )
        settings.deadline = section.seconds("deadline", default: settings.deadline)
        settings.retryDelay = section.seconds("retry_delay", default: settings.retryDelay)
        settings.attempts = section.integer("attempts", default: settings.attempts, in: 1...20)
        settings.failuresAllowed = section.integer(
            "failures_allowed",
            default: settings.failuresAllowed,
            in: 0...1_000
        )
        settings.failureExpiry = section.seconds(
            "failure_expiry",
            default: settings.failureExpiry
        )
        settings.waitingErrors = section.integer(
            "waiting_errors",
            default: settings.waitingErrors,
            in: 1...1_000_000
        )
        let size = section.integer("message_size", default: messageSize, in: 0...10_000_000)
        if size > 0, size < ChatParts.smallestLimit {
            section.note(
                "'delivery.message_size' should be 0 or at least \(ChatParts.smallestLimit).",
                key: "message_size"
            )
        }
        return (settings, size > 0 ? size : nil)
    }
}
