import LinkCheck
import Newsroom

/// Follows links for editors, for one question after the other.
struct EditorsLinks: LinkFollowing {
    private let inspector: LinkInspector
    let queue: WorkQueue

    init(_ settings: LinkSettings) {
        inspector = LinkInspector(settings)
        queue = WorkQueue(bound: settings.waiting)
    }

    func follow(
        _ addresses: [String],
        tell: @escaping @Sendable ([String: LinkVerdict]) async -> Void
    ) -> Bool {
        queue.add {
            let verdicts = await inspector.verdicts(on: addresses)
            // Broken off, since the service ends, it has nothing to say.
            if !Task.isCancelled { await tell(verdicts) }
        }
    }
}
