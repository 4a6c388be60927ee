public import Storage

/// Orders to a fan-out that is under way; each tells whether it still was.
extension Dispatcher {
    /// Lets it pause; what is written already is still acknowledged.
    @discardableResult
    public func hold(_ fanOut: FanOutRowID) async throws -> Bool {
        try await move(fanOut, to: .held)
    }

    @discardableResult
    public func resume(_ fanOut: FanOutRowID) async throws -> Bool {
        try await move(fanOut, to: .running)
    }

    /// Ends it for good; nobody is tried again either, nor gets it when their quiet hours are over.
    @discardableResult
    public func cancel(_ fanOut: FanOutRowID) async throws -> Bool {
        let date = now()
        let wasLeft = try await store.write { try $0.cancelFanOut(fanOut, at: date) }
        wake()
        return wasLeft
    }

    private func move(_ fanOut: FanOutRowID, to state: FanOutRecord.State) async throws -> Bool {
        let date = now()
        let wasUnderWay = try await store.write { try $0.setState(state, of: fanOut, at: date) }
        wake()
        return wasUnderWay
    }
}
