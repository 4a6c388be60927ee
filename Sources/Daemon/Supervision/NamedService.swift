import ServiceLifecycle

/// A service that is called by the name of its type.
///
/// The group calls each `"\(service)"`, and logs it so. That would be a page of all that a service
/// holds, down to the configuration, found out by reflection at each start.
struct NamedService: Service, CustomStringConvertible {
    let service: any Service

    var description: String { "\(type(of: service))" }

    func run() async throws { try await service.run() }
}
