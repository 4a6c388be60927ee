import Storage

/// The setting with which fan-outs go out, as the database knows it.
extension Transaction {
    private static let key = "delivery.multicast"

    /// Takes note of the setting, before anything is written with it.
    ///
    /// While it is off nothing is decided of a fan-out, and it goes out singly: how far, nobody knows
    /// for certain, since its cursor follows its messages. So all that are there when it is on again go
    /// out singly to their end.
    func noteMulticast(_ setting: DeliverySettings.Multicast) throws {
        let isNew = try self.setting(Self.key) != setting.rawValue
        guard isNew else { return }
        if setting == .auto { try settleMulticast() }
        try setSetting(Self.key, to: setting.rawValue)
    }
}
