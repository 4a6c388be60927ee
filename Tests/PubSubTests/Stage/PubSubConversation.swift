import Conversations

/// Plays a script against the service alone.
///
/// Its people live at `verona.lit`; `guest` is an occupant of a room, `editor` gives directions.
func conversation(
    with service: String,
    on stage: Stage? = nil,
    _ script: String
) async throws {
    let stage = if let stage { stage } else { try await Stage() }
    try await conversation(
        with: service,
        through: stage,
        addresses: ["guest": "balcony@rooms.lit/guest"],
        script
    )
}
