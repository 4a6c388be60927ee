import Component
import XML
import XMPP

/// The rooms of the configuration, seen from outside.
extension ServerVisit {
    /// What the room says of itself, and whether it is there.
    func look(
        at settings: RoomSettings,
        _ stream: any StanzaStream
    ) async -> (diagnosis: Diagnosis, isThere: Bool) {
        let step = "room \(settings.room)"
        let answer = await ask(settings.room, Element("query", in: .discoInfo), stream)
        guard let answer else {
            return (
                Diagnosis(step, .failed, "\(settings.room.domain) does not answer."), false
            )
        }
        if let error = answer.error {
            let isUnknown = error.condition == .itemNotFound
            let text =
                isUnknown
                ? "The room does not exist; joining would make it. Compare its address."
                : "\(settings.room.domain) answers with \(error.condition.rawValue). Compare the "
                    + "room's address with what the server has."
            return (Diagnosis(step, isUnknown ? .warning : .failed, text), false)
        }
        let features = Set(answer.payload.map { DiscoInfo($0).features.map(\.rawValue) } ?? [])
        if features.contains("muc_passwordprotected"), settings.password == nil {
            return (
                Diagnosis(step, .failed, "The room asks for a password: set 'rooms.password'."),
                false
            )
        }
        return (Diagnosis(step, .fine, "It is there."), true)
    }
}
