import Delivery
import Storage

/// Knows the deliveries of drafts: whoever gets those is no reader, so they are told of nowhere and
/// count nowhere.
actor DraftDeliveries {
    private let store: Store
    /// Of those under way.
    private var known: [FanOutRowID: Bool] = [:]

    init(store: Store) {
        self.store = store
    }

    func contain(_ event: DeliveryEvent) async -> Bool {
        switch event {
        case .progress(let id, _, _), .stuck(let id):
            return await isDraft(id)
        case .finished(let report):
            defer { known[report.fanOut.id] = nil }
            return await isDraft(report.fanOut.id)
        }
    }

    /// One whose node can't be looked up is taken for an issue's.
    private func isDraft(_ id: FanOutRowID) async -> Bool {
        if let isDraft = known[id] { return isDraft }
        let isDraft = (try? await store.read { try $0.isHidden(id) }) ?? false
        known[id] = isDraft
        return isDraft
    }
}
