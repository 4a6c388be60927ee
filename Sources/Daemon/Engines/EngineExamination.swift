import Engine
import Publishing
import Storage
import XMPP

/// What the engines of the newsletters say that they can do.
struct EngineExamination: Sendable {
    let newsletters: [Newsletter]
    let ask: EngineClient.Ask
    /// Which items a node of the newsletter has here, the newest first, those left out that are on their
    /// way to the engine; empty where nobody can say.
    var own: @Sendable (String, NodeID) async -> [ItemID] = { _, _ in [] }

    func diagnoses() async -> [Diagnosis] {
        var diagnoses: [Diagnosis] = []
        for newsletter in newsletters {
            guard let service = newsletter.engine else { continue }
            diagnoses.append(await diagnosis(of: newsletter, at: service))
        }
        return diagnoses
    }

    private func diagnosis(of newsletter: Newsletter, at service: JID) async -> Diagnosis {
        let step = "engine of \(newsletter.name)"
        let client = EngineClient(service, as: newsletter.contact, ask: ask)
        let lacks: [EngineLack]
        do {
            lacks = try await client.abilities().lacks
        } catch {
            return Diagnosis(step, .failed, "\(service) can't be asked. \(error)")
        }
        let strangers = await strangers(among: newsletter.allFeeds.map(\.node), client)
        let gaps = await gaps(in: newsletter, at: service)
        guard !lacks.isEmpty || !strangers.isEmpty || !gaps.isEmpty else {
            return Diagnosis(step, .fine, "\(service) says that it can do all that is needed.")
        }
        let isFatal = lacks.contains(where: \.isFatal) || !strangers.isEmpty
        return Diagnosis(
            step,
            isFatal ? .failed : .warning,
            "\(service): "
                + (lacks.map(\.description) + strangers.map(\.description) + gaps)
                .joined(separator: " ")
        )
    }

    /// Which nodes have not all that ours have, in sentences: one that was there before it was taken over,
    /// or that keeps fewer; and of which that can't be told.
    func gaps(in newsletter: Newsletter, at service: JID) async -> [String] {
        let client = EngineClient(service, as: newsletter.contact, ask: ask)
        var gaps: [String] = []
        for node in newsletter.allFeeds.map(\.node) {
            let own = await own(newsletter.name, node)
            do {
                guard let missing = try await client.lacking(own, at: node) else {
                    gaps.append(
                        "Which items '\(node)' has there can't be told: its service does not name them "
                            + "all."
                    )
                    continue
                }
                guard let first = missing.min(by: { $0.rawValue < $1.rawValue }) else { continue }
                gaps.append(
                    "'\(node)' there lacks items that are here: \(missing.count) of \(own.count), the first "
                        + "'\(first)'. A correction brings one, as something new; Broadsheet does not by "
                        + "itself."
                )
            } catch {
                gaps.append("Which items '\(node)' has there can't be told. \(error)")
            }
        }
        return gaps
    }

    /// Which nodes are there and not ours.
    private func strangers(among nodes: [NodeID], _ client: EngineClient) async -> [EngineError] {
        var strangers: [EngineError] = []
        for node in nodes {
            do {
                _ = try await EngineNode(node, client).look()
            } catch {
                if case .notOwned = error { strangers.append(error) }
            }
        }
        return strangers
    }
}

extension EngineExamination {
    /// Those of the newsletter with which nothing is to be done at its engine, as ``own`` has them.
    static func settledItems(
        of newsletter: String,
        at node: NodeID,
        in store: Store
    ) async -> [ItemID] {
        let items = try? await store.read { transaction -> [ItemID] in
            guard let record = try transaction.node(named: node) else { return [] }
            let waiting = Set(try transaction.engineItems(of: newsletter, at: node))
            return try transaction.itemNames(of: record.id).filter { !waiting.contains($0) }
        }
        return items ?? []
    }
}
