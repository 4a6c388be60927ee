import PubSub
import XMPP

/// What others may do at the PubSub service.
extension ConfigurationReading {
    static func pubsub(_ section: SettingsReader) -> PubSubSettings {
        var settings = PubSubSettings()
        settings.creators = creators(section)
        settings.contacts = contacts(section)
        settings.maximumNodesPerCreator = section.integer(
            "nodes_per_creator",
            default: settings.maximumNodesPerCreator,
            in: 0...1_000_000
        )
        settings.maximumClientSubscriptions = section.integer(
            "client_subscriptions_per_reader",
            default: settings.maximumClientSubscriptions,
            in: 0...1_000_000
        )
        settings.ownersAddReaders = section.boolean(
            "owners_add_readers",
            default: settings.ownersAddReaders
        )
        settings.maximumPendingSubscriptions = section.integer(
            "pending_per_node",
            default: settings.maximumPendingSubscriptions,
            in: 0...1_000_000
        )
        settings.presenceExpiry = section.seconds(
            "presence_expiry",
            default: settings.presenceExpiry
        )
        settings.maximumItems = section.integer(
            "maximum_items",
            default: settings.maximumItems,
            in: 1...10_000_000
        )
        settings.maximumPayloadSize = section.integer(
            "maximum_payload_size",
            default: settings.maximumPayloadSize,
            in: 1_000...100_000_000
        )
        settings.maximumStanzaSize = section.integer(
            "largest_stanza",
            default: settings.maximumStanzaSize,
            in: 50_000...100_000_000
        )
        if settings.maximumPayloadSize > settings.largestPayload {
            section.note(
                "'pubsub.maximum_payload_size' is too much: of the \(settings.maximumStanzaSize) "
                    + "bytes of 'pubsub.largest_stanza', \(settings.largestPayload) are left "
                    + "for a payload.",
                key: "maximum_payload_size"
            )
        }
        let upkeepInterval = Int(settings.upkeepInterval / .seconds(1))
        settings.upkeepInterval = .seconds(
            section.integer("upkeep_interval", default: upkeepInterval, in: 1...86_400)
        )
        return settings
    }

    /// Addresses are single people, and domains everybody there.
    private static func creators(_ section: SettingsReader) -> NodeCreators {
        var creators = NodeCreators()
        for text in section.strings("creators", default: []) ?? [] {
            guard let address = section.address(text, at: "pubsub.creators", line: nil) else {
                continue
            }
            if address.localpart == nil {
                creators.domains.insert(address.domainpart)
            } else {
                creators.jids.insert(address.bare)
            }
        }
        return creators
    }

    private static func contacts(_ section: SettingsReader) -> ContactAddresses {
        var contacts = ContactAddresses()
        for (name, uri) in section.strings("contacts") {
            guard let purpose = ContactAddresses.Purpose(rawValue: name) else {
                let all = ContactAddresses.Purpose.allCases.map(\.rawValue).joined(separator: ", ")
                section.note("'\(name)' is none of: \(all).", key: "contacts")
                continue
            }
            guard uri.contains(":") else {
                section.note("'\(uri)' should be an address such as mailto:…", key: "contacts")
                continue
            }
            contacts.uris[purpose] = [uri]
        }
        return contacts
    }
}
