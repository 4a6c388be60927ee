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
        guard !lacks.isEmpty else {
            return Diagnosis(step, .fine, "\(service) says that it can do all that is needed.")
        }
        return Diagnosis(
            step,
            lacks.contains(where: \.isFatal) ? .failed : .warning,
            "\(service): " + lacks.map(\.description).joined(separator: " ")
        )
    }
}
