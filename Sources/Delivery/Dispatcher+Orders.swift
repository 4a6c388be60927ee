public import Storage

/// Orders to a fan-out that is under way; each tells whether it still was.
extension Dispatcher {
    /// Lets it pause, for those too who get it later; what is written already is still acknowledged.
    @discardableResult
    public func hold(_ fanOut: FanOutRowID) async throws -> Bool {
        let wasLeft = try await store.write { try $0.holdFanOut(fanOut) }
        wake()
        return wasLeft
    }

    @discardableResult
    public func resume(_ fanOut: FanOutRowID) async throws -> Bool {
        let isLeft = try await store.write { try $0.resumeFanOut(fanOut) }
        wake()
        return isLeft
    }

    /// Ends it for good; nobody is tried again either, nor gets it when their quiet hours are over.
    @discardableResult
    public func cancel(_ fanOut: FanOutRowID) async throws -> Bool {
        let date = now()
        let wasLeft = try await store.write { try $0.cancelFanOut(fanOut, at: date) }
        wake()
        return wasLeft
    }
}
