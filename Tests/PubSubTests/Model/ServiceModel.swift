import PubSubWire
import Storage
import XMPP

/// What a service does with requests, said as plainly as can be: names are strings, everybody has
/// one client, and only Juliet may create nodes.
struct ServiceModel: Equatable {
    struct Node: Equatable {
        var accessModel = AccessModel.open
        var publishModel = PublishModel.publishers
        var maxItems = Int.max
        var fullNodePolicy = FullNodePolicy.retractOldest
        var affiliations: [String: PubSubAffiliation] = [:]
        var subscriptions: [String: SubscriptionState] = [:]
        /// Those of the subscribers who let everybody know.
        var publicSubscribers: Set<String> = []
        /// Oldest first.
        var items: [Item] = []

        func affiliation(of person: String) -> PubSubAffiliation {
            affiliations[person] ?? .none
        }
    }

    struct Item: Equatable {
        let id: String
        let publisher: String
    }

    enum Request: Hashable {
        case create
        case delete, purge
        case configure(AccessModel, PublishModel, maxItems: Int, FullNodePolicy)
        case subscribe(isPublic: Bool), unsubscribe
        case fetch
        case publish([String])
        case retract([String])
        case affiliate([String: PubSubAffiliation])
        case setSubscription(String, SubscriptionState)
    }

    var nodes: [String: Node] = [:]

    /// Whether it is carried out; if not, nothing changes.
    mutating func carryOut(_ request: Request, at name: String, by person: String) -> Bool {
        if request == .create {
            guard person == "juliet", nodes[name] == nil else { return false }
            nodes[name] = Node(affiliations: ["juliet": .owner])
            return true
        }
        var node = nodes[name]
        if case .publish = request, person == "juliet", node == nil {
            node = Node(affiliations: ["juliet": .owner])
        }
        guard var node else { return false }
        guard node.carryOut(request, by: person) else { return false }
        node.publicSubscribers.formIntersection(node.subscriptions.keys)
        nodes[name] = request == .delete ? nil : node
        return true
    }
}

extension ServiceModel.Node {
    mutating func carryOut(_ request: ServiceModel.Request, by person: String) -> Bool {
        let isOwner = affiliation(of: person) == .owner
        switch request {
        case .create: return false
        case .delete: return isOwner
        case .purge:
            guard isOwner else { return false }
            items = []
        case .configure(let access, let publish, let maxItems, let policy):
            guard isOwner else { return false }
            fullNodePolicy = policy
            accessModel = access
            publishModel = publish
            for person in subscriptions.keys { adaptSubscription(of: person) }
            self.maxItems = maxItems
            items = items.suffix(maxItems)
        case .subscribe(let isPublic):
            guard subscribe(person) else { return false }
            publicSubscribers.remove(person)
            if isPublic { publicSubscribers.insert(person) }
        case .fetch: return mayFetch(person)
        case .unsubscribe: return subscriptions.removeValue(forKey: person) != nil
        case .publish(let ids): return publish(ids, by: person)
        case .retract(let ids): return retract(ids, by: person)
        case .affiliate(let changes):
            guard isOwner else { return false }
            return affiliate(changes)
        case .setSubscription(let reader, let state):
            guard isOwner else { return false }
            return set(state, of: reader)
        }
        return true
    }

    private mutating func subscribe(_ person: String) -> Bool {
        switch (affiliation(of: person), accessModel) {
        case (.outcast, _), (.publishOnly, _), (.none, .whitelist): return false
        case (.none, .authorize):
            if subscriptions[person] == nil {
                subscriptions[person] = .pending
                return true
            }
        default:
            if subscriptions[person] == nil { subscriptions[person] = .subscribed }
        }
        return subscriptions[person] == .subscribed
    }

    private func mayFetch(_ person: String) -> Bool {
        switch (affiliation(of: person), accessModel) {
        case (.outcast, _), (.publishOnly, _), (.none, .whitelist): false
        case (.none, .authorize): subscriptions[person] == .subscribed
        default: true
        }
    }

    /// Nil if that person may not publish; else whether items of others may be overwritten.
    private func mayOverwrite(_ person: String) -> Bool? {
        switch (affiliation(of: person), publishModel) {
        case (.owner, _), (.publisher, _): true
        case (.publishOnly, _): false
        case (.outcast, _), (_, .publishers): nil
        case (_, .open): false
        case (_, .subscribers): subscriptions[person] == .subscribed ? false : nil
        }
    }

    private mutating func publish(_ ids: [String], by person: String) -> Bool {
        guard let mayOverwrite = mayOverwrite(person), ids.count <= maxItems else { return false }
        var items = items
        for id in ids {
            if let old = items.firstIndex(where: { $0.id == id }) {
                guard mayOverwrite || items[old].publisher == person else { return false }
                items.remove(at: old)
            }
            items.append(.init(id: id, publisher: person))
        }
        guard fullNodePolicy != .reject || items.count <= maxItems else { return false }
        self.items = items.suffix(maxItems)
        return true
    }

    private mutating func retract(_ ids: [String], by person: String) -> Bool {
        guard mayOverwrite(person) != nil else { return false }
        var items = items
        for id in ids {
            guard let place = items.firstIndex(where: { $0.id == id }),
                affiliation(of: person) == .owner || items[place].publisher == person
            else { return false }
            items.remove(at: place)
        }
        self.items = items
        return true
    }

    private mutating func affiliate(_ changes: [String: PubSubAffiliation]) -> Bool {
        var after = affiliations
        for (person, affiliation) in changes {
            after[person] = affiliation == .none ? nil : affiliation
        }
        guard after.values.contains(.owner) else { return false }
        for (person, affiliation) in changes where self.affiliation(of: person) != affiliation {
            affiliations[person] = affiliation == .none ? nil : affiliation
            adaptSubscription(of: person)
        }
        return true
    }

    /// Ends what could not be begun now, and lets in who need not be approved.
    private mutating func adaptSubscription(of person: String) {
        guard subscriptions[person] != nil else { return }
        if isClosed(to: person) {
            subscriptions[person] = nil
        } else if affiliation(of: person) != .none || accessModel == .open {
            subscriptions[person] = .subscribed
        }
    }

    private func isClosed(to person: String) -> Bool {
        switch (affiliation(of: person), accessModel) {
        case (.outcast, _), (.publishOnly, _), (.none, .whitelist): true
        default: false
        }
    }

    private mutating func set(_ state: SubscriptionState, of reader: String) -> Bool {
        let before = subscriptions[reader] ?? .none
        if before == state { return true }
        switch state {
        case .none: subscriptions[reader] = nil
        case .subscribed:
            if before == .none, isClosed(to: reader) { return false }
            subscriptions[reader] = .subscribed
        case .pending, .unconfigured: return false
        }
        return true
    }
}
