/// What the component and its server both know, in a wrapping that never prints it.
public struct Secret: Sendable, Hashable {
    /// The secret itself, for the handshake only.
    let text: String

    public init(_ text: String) {
        self.text = text
    }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "(secret)" }
    public var debugDescription: String { description }
    /// Without children, since `dump` and test reports print those.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
