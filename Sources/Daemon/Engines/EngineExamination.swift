import Engine
import Publishing
import XMPP

/// What the engines of the newsletters say that they can do.
struct EngineExamination: Sendable {
    let newsletters: [Newsletter]
    let ask: EngineClient.Ask

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
        guard !lacks.isEmpty || !strangers.isEmpty else {
            return Diagnosis(step, .fine, "\(service) says that it can do all that is needed.")
        }
        let isFatal = lacks.contains(where: \.isFatal) || !strangers.isEmpty
        return Diagnosis(
            step,
            isFatal ? .failed : .warning,
            "\(service): "
                + (lacks.map(\.description) + strangers.map(\.description))
                .joined(separator: " ")
        )
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
