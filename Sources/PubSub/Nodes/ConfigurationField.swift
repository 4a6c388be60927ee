import Storage
import XMPP

/// A field of the form `pubsub#node_config`: what it is called, and which part of the configuration
/// it shows and changes (XEP-0060 §16.4.4).
struct ConfigurationField: Sendable {
    typealias Path<Value> = WritableKeyPath<NodeConfiguration, Value> & Sendable

    let name: String
    let label: String
    private let kind: Kind

    /// Who says what a field means: XEP-0060, or we, in Clark notation (XEP-0068 §3.3).
    private enum Registry: String {
        case pubsub = "pubsub#"
        case broadsheet = "{urn:broadsheet:node:0}"
    }

    private enum Kind {
        case flag(any Path<Bool>)
        /// With so many bytes at most.
        case text(any Path<String>, longest: Int)
        case language(any Path<String?>)
        case addresses(any Path<[JID]>)
        /// A number from 1 up, or `max` where there is no limit but the service's.
        case limit(any Path<Int?>, bound: @Sendable (PubSubSettings) -> Int?)
        case choice(Choice)
    }

    /// One of several words, of which a service may not have all.
    private struct Choice: Sendable {
        let options: [DataForm.Field.Option]
        let value: @Sendable (NodeConfiguration) -> String
        /// False if there is no such word.
        let set: @Sendable (inout NodeConfiguration, String) -> Bool
    }

    private init(
        _ name: String,
        _ label: String,
        _ kind: Kind,
        in registry: Registry = .pubsub
    ) {
        self.name = registry.rawValue + name
        self.label = label
        self.kind = kind
    }
}

// MARK: - The table

extension ConfigurationField {
    /// How long texts may be, in bytes, and how many addresses there may be: subscribers are told of
    /// all of it at once.
    static let longestLine = 1_023
    static let longestText = 8_000
    static let mostAddresses = 10

    static let all: [ConfigurationField] = [
        Self("title", "Title", .text(\.title, longest: longestLine)),
        Self("description", "Description", .text(\.description, longest: longestText)),
        Self("language", "Language of the items", .language(\.language)),
        Self("type", "Type of the payloads, as a namespace", .text(\.type, longest: longestLine)),
        Self("contact", "Whom to ask about this node", .addresses(\.contacts)),
        choice(
            "access_model",
            "Who may subscribe and fetch items",
            \.accessModel,
            [
                (.open, "Everybody"),
                (.presence, "Those who have this service among their contacts"),
                (.authorize, "Those whom an owner approves"),
                (.whitelist, "Members, publishers and owners"),
            ]
        ),
        choice(
            "publish_model",
            "Who may publish",
            \.publishModel,
            [
                (.publishers, "Publishers and owners"), (.subscribers, "Subscribers too"),
                (.open, "Everybody"),
            ]
        ),
        Self("persist_items", "Keep items", .flag(\.persistsItems)),
        Self(
            "max_items",
            "How many items are kept, or max",
            .limit(\.maxItems, bound: \.maximumItems)
        ),
        choice(
            "publish_node_full",
            "What happens to an item too many",
            \.fullNodePolicy,
            [
                (.retractOldest, "The oldest goes, and subscribers may be told"),
                (.discardOldest, "The oldest goes silently"), (.reject, "It is refused"),
            ]
        ),
        Self(
            "item_expire",
            "Seconds after which items go, or max",
            .limit(\.itemExpiry, bound: { _ in nil })
        ),
        Self(
            "max_payload_size",
            "Largest payload, in bytes",
            .limit(\.maxPayloadSize, bound: \.maximumPayloadSize)
        ),
        Self("deliver_notifications", "Send events", .flag(\.deliversNotifications)),
        Self("deliver_payloads", "Send payloads with events", .flag(\.deliversPayloads)),
        choice(
            "event_payload",
            "How much of a new Atom entry events carry",
            \.eventPayload,
            [
                (.full, "All of it"),
                (.summary, "Title, summary and links; clients fetch the text"),
            ],
            in: .broadsheet
        ),
        choice(
            "notification_type",
            "Type of the messages",
            \.notificationType,
            [(.normal, "Kept for who is offline"), (.headline, "Only for who is online")]
        ),
        choice(
            "send_last_published_item",
            "When the newest item is sent unasked",
            \.lastItemPolicy,
            [
                (.never, "Never"), (.onSubscription, "To a new subscriber"),
                (.onSubscriptionAndPresence, "To a new subscriber, and to one who comes online"),
            ]
        ),
        choice(
            "itemreply",
            "Whom answers to an item go to",
            \.itemReply,
            [(.owner, "The owner"), (.publisher, "Its publisher")]
        ),
        Self(
            "notify_config",
            "Tell subscribers of changes of the configuration",
            .flag(\.notifiesOfConfiguration)
        ),
        Self(
            "notify_delete",
            "Tell subscribers that the node is deleted",
            .flag(\.notifiesOfDeletion)
        ),
        Self(
            "notify_retract",
            "Tell subscribers that items are gone",
            .flag(\.notifiesOfRetraction)
        ),
        Self("notify_sub", "Tell owners who comes and goes", .flag(\.notifiesOwners)),
    ]

    static let byName = Dictionary(
        all.map { ($0.name, $0) },
        uniquingKeysWith: { first, _ in first }
    )

    private static func choice<Value: RawRepresentable<String> & Equatable & Sendable>(
        _ name: String,
        _ label: String,
        _ path: any Path<Value>,
        _ options: [(Value, String)],
        in registry: Registry = .pubsub
    ) -> ConfigurationField {
        let choice = Choice(
            options: options.map { .init($0.rawValue, label: $1) },
            value: { $0[keyPath: path].rawValue },
            set: { configuration, word in
                guard let option = options.first(where: { $0.0.rawValue == word }) else {
                    return false
                }
                configuration[keyPath: path] = option.0
                return true
            }
        )
        return ConfigurationField(name, label, .choice(choice), in: registry)
    }
}

// MARK: - Showing

extension ConfigurationField {
    /// The field as it is filled in now.
    func field(
        of configuration: NodeConfiguration,
        settings: PubSubSettings
    ) -> DataForm.Field {
        switch kind {
        case .flag(let path):
            field(.boolean, [configuration[keyPath: path] ? "1" : "0"])
        case .text(let path, _):
            field(.textSingle, [configuration[keyPath: path]])
        case .language(let path):
            field(.textSingle, configuration[keyPath: path].map { [$0] } ?? [])
        case .addresses(let path):
            field(.jidMulti, configuration[keyPath: path].map(\.description))
        case .limit(let path, _):
            field(
                .textSingle,
                [configuration[keyPath: path].map { String($0) } ?? Self.unlimited],
                dataType: "pubsub:integer-or-max"
            )
        case .choice(let choice):
            field(.listSingle, [choice.value(configuration)], options: choice.options)
        }
    }

    private static let unlimited = "max"

    private func field(
        _ type: DataForm.Field.FieldType,
        _ values: [String],
        options: [DataForm.Field.Option] = [],
        dataType: String? = nil
    ) -> DataForm.Field {
        DataForm.Field(
            name,
            type,
            label: label,
            values: values,
            options: options,
            dataType: dataType
        )
    }
}

// MARK: - Changing

extension ConfigurationField {
    /// Takes over the values of a submitted field, or says what is wrong with them.
    func apply(
        _ values: [String],
        to configuration: inout NodeConfiguration,
        settings: PubSubSettings
    ) throws(PubSubError) {
        switch kind {
        case .flag(let path):
            configuration[keyPath: path] = try flag(values)
        case .text(let path, let longest):
            let text = try single(values)
            guard text.utf8.count <= longest else {
                throw .textTooLong(field: name, limit: longest)
            }
            configuration[keyPath: path] = text
        case .language(let path):
            let tag = try single(values)
            guard tag.isEmpty || tag.utf8.count <= Self.longestLine && Self.isLanguageTag(tag)
            else { throw invalid(values) }
            configuration[keyPath: path] = tag.isEmpty ? nil : tag
        case .addresses(let path):
            configuration[keyPath: path] = try addresses(values)
        case .limit(let path, let bound):
            configuration[keyPath: path] = try limit(values, upTo: bound(settings))
        case .choice(let choice):
            let word = try single(values)
            guard choice.set(&configuration, word) else {
                throw name == "pubsub#access_model" && AccessModel(rawValue: word) != nil
                    ? .unsupportedAccessModel(word) : invalid(values)
            }
        }
    }

    private func flag(_ values: [String]) throws(PubSubError) -> Bool {
        switch values {
        case ["1"], ["true"]: true
        case ["0"], ["false"]: false
        default: throw invalid(values)
        }
    }

    /// No value is the empty one: XEP-0004 has both.
    private func single(_ values: [String]) throws(PubSubError) -> String {
        guard values.count <= 1 else { throw invalid(values) }
        return values.first ?? ""
    }

    private func addresses(_ values: [String]) throws(PubSubError) -> [JID] {
        var addresses: [JID] = []
        for value in values where !value.isEmpty {
            guard let jid = try? JID(value) else { throw invalid([value]) }
            guard !addresses.contains(jid) else { continue }
            guard addresses.count < Self.mostAddresses else {
                throw .tooManyAddresses(field: name, limit: Self.mostAddresses)
            }
            addresses.append(jid)
        }
        return addresses
    }

    private func limit(_ values: [String], upTo bound: Int?) throws(PubSubError) -> Int? {
        let text = try single(values)
        if text == Self.unlimited { return nil }
        guard let number = Int(text), number > 0, number <= bound ?? .max else {
            throw invalid(values)
        }
        return number
    }

    /// Whether it has the form of a tag (RFC 5646 §2.1).
    private static func isLanguageTag(_ text: String) -> Bool {
        text.wholeMatch(of: /[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*/) != nil
    }

    private func invalid(_ values: [String]) -> PubSubError {
        .invalidConfiguration(field: name, value: values.joined(separator: ", "))
    }
}
