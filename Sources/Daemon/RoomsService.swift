import Newsroom
import ServiceLifecycle

/// Keeps us in the newsroom's rooms, and leaves them before the stream is closed.
struct RoomsService: Service {
    let rooms: [RoomService]

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                for room in rooms {
                    group.addTask { await room.run() }
                }
            }
        }
        for room in rooms {
            await room.leave()
        }
    }
}
