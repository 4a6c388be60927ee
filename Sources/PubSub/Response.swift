/// What a request has led to, and how much there is to be written for it.
public struct Response: Sendable {
    public var effects: [PubSubEffect]
    /// About how many bytes of items and lists are in it; what is always short does not count.
    public var size: Int

    public init(effects: [PubSubEffect], size: Int = 0) {
        self.effects = effects
        self.size = size
    }
}
