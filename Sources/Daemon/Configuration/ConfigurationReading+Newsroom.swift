import Availability
import Commands
import Foundation
import Newsroom
import Publishing
import Spelling
import XMPP

/// The newsletters, and who makes them where.
extension ConfigurationReading {
    static func newsletter(
        _ name: String,
        _ section: SettingsReader,
        domain: JID?
    ) -> NewsletterSettings? {
        let title = section.required("title")
        let issues = section.requiredFile("issues")
        let web = section.string("web")
        let language = section.string("language", default: "en") ?? "en"
        let languages = section.strings("languages", default: [language]) ?? []
        let names = section.strings("nodes")
        let author = section.string("author") ?? title
        let rights = section.string("rights")
        let images = section.optionalFile("images")
        let about = section.string("about")
        let avatar = avatar(section)
        let taxonomy = taxonomy(section)
        let checks = section.section("check", checks)
        let zone = zone(section, default: "UTC") ?? .utc
        let approvals = ApprovalRules(
            count: section.integer("approvals", default: 0, in: 0...20),
            fourEyes: section.boolean("four_eyes", default: false)
        )
        let lists = section.optionalFile("specification_lists")
        let refresh = refresh(section, folder: issues)
        let calendar = section.section("calendar", Self.calendar)
        let archive = section.section("site", Self.archive)
        let rooms = readingRooms(section)
        let engine = engine(section, domain: domain)
        let feeds = ([language] + languages.filter { $0 != language }).compactMap { language in
            NodeID(rawValue: names[language] ?? "\(name)-\(language)").map {
                Newsletter.Feed(language: language, node: $0)
            }
        }
        let topics = topicFeeds(section, of: feeds, taxonomy, names)
        let allFeeds = withEventPayloads(section, of: feeds + topics, engine: engine)
        guard let issues else { return nil }
        checkDirectory(issues, section)
        guard let domain, let defaultFeed = allFeeds.first else { return nil }
        guard let contact = try? JID(localpart: name, domainpart: domain.domainpart) else {
            section.note("'\(name)' can't be the localpart of an XMPP address.", at: nil)
            return nil
        }
        var settings = NewsletterSettings(
            newsletter: Newsletter(
                name: name,
                title: title,
                contact: contact,
                defaultFeed: defaultFeed,
                otherFeeds: allFeeds.dropFirst().filter { $0.topic == nil },
                topicFeeds: allFeeds.filter { $0.topic != nil },
                author: author,
                rights: rights
            ),
            issues: issues,
            web: web,
            images: images,
            about: about,
            avatar: avatar,
            taxonomy: taxonomy,
            checks: checks,
            zone: zone,
            calendar: calendar,
            refresh: refresh,
            approvals: approvals,
            specificationLists: lists,
            archive: archive
        )
        settings.readingRooms = rooms
        settings.newsletter.engine = engine
        return settings
    }

    /// The rooms in which issues are announced; what is no room's address is noted.
    private static func readingRooms(_ section: SettingsReader) -> [JID] {
        (section.strings("announce_in", default: []) ?? []).compactMap { text in
            if let room = try? JID(text), room.isBare, room.localpart != nil { return room }
            section.note("'\(text)' should be a room's address, room@service.", key: "announce_in")
            return nil
        }
    }

    /// The picture of the contact; a file that can't be shown is noted.
    private static func avatar(_ section: SettingsReader) -> Avatar? {
        guard let file = section.optionalFile("avatar") else { return nil }
        do {
            return try Avatar(file: file)
        } catch let error as AvatarError {
            section.note("The picture \(file.path(percentEncoded: false)): \(error)", key: "avatar")
        } catch {
            section.note(
                "There is no picture \(file.path(percentEncoded: false)) to read.",
                key: "avatar"
            )
        }
        return nil
    }

    private static func checkDirectory(_ url: URL, _ section: SettingsReader) {
        let path = url.path(percentEncoded: false)
        var isDirectory: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory)
        if !exists || !isDirectory.boolValue {
            section.note("There is no directory \(path) to read issues from.", key: "issues")
        }
    }

    /// Two feeds in one node would overwrite each other's items.
    static func checkNodes(_ newsletters: [NewsletterSettings?], _ settings: SettingsReader) {
        let feeds = newsletters.compactMap { $0?.newsletter.allFeeds }.joined()
        let nodes = feeds.map(\.node) + Set(feeds.map(\.draftNode))
        let counts = Dictionary(grouping: nodes) { $0 }.mapValues(\.count)
        for (node, count) in counts where count > 1 {
            settings.note("The node '\(node)' is used for \(count) feeds.", key: "newsletters")
        }
    }

    /// An editors' room that read like any other would no longer hear its editors.
    static func checkReadingRooms(
        _ newsletters: [NewsletterSettings?],
        _ rooms: [RoomSettings?],
        _ settings: SettingsReader
    ) {
        let own = Set(rooms.compactMap { $0?.room })
        for newsletter in newsletters.compactMap({ $0 }) {
            for room in newsletter.readingRooms where own.contains(room) {
                settings.note(
                    "'\(room)' is one of 'rooms', and can't be in 'announce_in' as well: "
                        + "write 'announce: [\(newsletter.newsletter.name)]' there.",
                    key: "newsletters"
                )
            }
        }
    }

    /// We sit in a room as one newsletter.
    static func checkSharedRooms(
        _ newsletters: [NewsletterSettings?],
        _ settings: SettingsReader
    ) {
        var readers: [JID: [String]] = [:]
        for newsletter in newsletters.compactMap({ $0 }) {
            for room in Set(newsletter.readingRooms) {
                readers[room, default: []].append("'\(newsletter.newsletter.name)'")
            }
        }
        for (room, names) in readers where names.count > 1 {
            settings.note(
                "'\(room)' is in the 'announce_in' of \(names.joined(separator: " and ")): "
                    + "a room can read one newsletter only.",
                key: "newsletters"
            )
        }
    }

    static func room(
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
        let hats = Dictionary(
            section.choices("hats", of: Role.self).map { ($0.name, $0.value) },
            uniquingKeysWith: min
        )
        let announces = section.strings("announce", default: []) ?? []
        for name in announces
        where !all.contains(name) && !newsletters.contains(where: { $0 == nil }) {
            section.note("There is no newsletter '\(name)'.", key: "announce")
        }
        for name in names where !all.contains(name) && !newsletters.contains(where: { $0 == nil }) {
            section.note("There is no newsletter '\(name)'.", key: "newsletters")
        }
        let creators = creators(section)
        let newsSign = section.string("news_reaction", default: "📰") ?? ""
        let remembered = section.integer("remembered_messages", default: 200, in: 0...10_000)
        let zone = zone(section, default: nil)
        let language = section.string("language", default: "en") ?? "en"
        if !CommandTexts.has(language) {
            section.note("Broadsheet does not answer in '\(language)'.", key: "language")
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
            announces: announces,
            roles: roles,
            hats: hats,
            zone: zone,
            language: language,
            creators: creators,
            newsSign: newsSign.isEmpty ? nil : newsSign,
            rememberedMessages: remembered
        )
    }

    private static func calendar(_ section: SettingsReader) -> EditorialCalendar {
        var calendar = EditorialCalendar()
        let keys: [(String, EditorialCalendar.Event)] = [
            ("mid_month", .midMonth), ("last_call", .lastCall), ("review", .review),
            ("release", .release),
        ]
        for (key, event) in keys {
            let day = section.integer(key, default: 0, in: 0...31)
            calendar.days[event] = day > 0 ? day : nil
        }
        let text = section.string("time", default: "09:00") ?? ""
        if let time = EditorialCalendar.timeOfDay(text) {
            calendar.time = time
        } else {
            section.note("'calendar.time' should be a time of day such as 09:00.", key: "time")
        }
        return calendar
    }

    private static func refresh(_ section: SettingsReader, folder: URL?) -> RefreshCommandLine? {
        let words = section.strings("refresh", default: []) ?? []
        let timeout = section.seconds("refresh_timeout", default: .seconds(60))
        guard let program = words.first, let folder else { return nil }
        return RefreshCommandLine(
            program: program,
            arguments: Array(words.dropFirst()),
            folder: folder,
            timeout: timeout
        )
    }

    /// The zone that is named; one that does not exist is noted, with the nearest that does.
    private static func zone(_ section: SettingsReader, default standard: String?) -> LocalZone? {
        guard let name = section.string("time_zone", default: standard) else { return nil }
        if let zone = LocalZone(name) { return zone }
        let nearest = NearestName.to(name, among: LocalZone.knownNames)
        let advice = nearest.map { "; did you mean '\($0)'?" } ?? ", such as Europe/Berlin."
        section.note("There is no time zone '\(name)'\(advice)", key: "time_zone")
        return nil
    }

    private static func creators(_ section: SettingsReader) -> Set<RoomAffiliation> {
        var creators: Set<RoomAffiliation> = []
        for name in section.strings("creators", default: []) ?? [] {
            guard let affiliation = RoomAffiliation(rawValue: name), affiliation != .outcast else {
                section.note(
                    "'\(name)' is not an affiliation: owner, admin, member or none.",
                    key: "creators"
                )
                continue
            }
            creators.insert(affiliation)
        }
        return creators
    }

    static func people(_ settings: SettingsReader) -> [JID: Role] {
        var people: [JID: Role] = [:]
        for (name, line, role) in settings.choices("people", of: Role.self) {
            guard let address = settings.address(name, at: "people", line: line) else { continue }
            people[address.bare] = role
        }
        return people
    }
}
