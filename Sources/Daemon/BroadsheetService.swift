import Commands
import Component
public import Foundation
import Logging
import PubSub
import ServiceLifecycle
import Storage
public import XMPP

/// The whole service.
public struct BroadsheetService: Sendable {
    /// The name and version that we answer with (XEP-0092).
    public static let version = SoftwareVersion(name: "Broadsheet", version: "0.1.0")

    private let configuration: Configuration
    private let file: URL
    private let threshold: LogThreshold
    private let metrics: ServiceMetrics
    private let logger: Logger

    /// Makes the service; the file is where its configuration was read, and will be read again.
    public init(configuration: Configuration, file: URL) {
        self.configuration = configuration
        self.file = file
        threshold = LogThreshold(configuration.logLevel)
        let metrics = ServiceMetrics()
        self.metrics = metrics
        logger = ServiceLog.logger(
            threshold,
            veil: configuration.addressVeil,
            count: metrics.logged
        )
    }

    /// Runs until SIGTERM or SIGINT, and ends in order: nothing that was acknowledged is lost.
    ///
    /// Throws ``Component/ComponentRefused`` when the server refuses us at the first connect ever,
    /// ``Storage/StoreError`` when the database can't be used.
    public func run() async throws {
        let manager = ServiceManager(environment: ProcessInfo.processInfo.environment)
        do {
            try await run(under: manager)
        } catch {
            manager?.tell(.status("\(error)"))
            throw error
        }
    }

    private func run(under manager: ServiceManager?) async throws {
        try DescriptorLimit.raise()
        CoreDumps.forgo()
        for warning in configuration.warnings {
            logger.warning("Configuration", metadata: ["reason": "\(warning)"])
        }
        let store = try Store(path: configuration.database.path(percentEncoded: false))
        let assembly = try Assembly(
            configuration,
            store: store,
            formerEngines: try await FormerEngines(store),
            metrics: metrics,
            logger: logger
        )
        let services = try await assembly.services(
            under: manager,
            readAgain: file,
            threshold: threshold
        )
        // What the library logs below this is of use only to those who work on it.
        var lifecycleLogger = logger
        lifecycleLogger.logLevel = max(.notice, configuration.logLevel)
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: services.map { service in
                    ServiceGroupConfiguration.ServiceConfiguration(
                        service: NamedService(service: service),
                        failureTerminationBehavior: .gracefullyShutdownGroup
                    )
                },
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: lifecycleLogger
            )
        )
        try await group.run()
        logger.info("Ended")
    }

    /// The exit status an error ends the program with.
    ///
    /// 78 (`EX_CONFIG`) says that trying again is of no use before somebody changes a setting.
    public static func exitStatus(for error: any Error) -> Int32 {
        switch error {
        // Trying again would help none of these.
        case is ComponentRefused, is ConfigurationError, PubSubError.nodeOfAnother: 78
        default: 1
        }
    }

    /// The reference of all commands, in Markdown: what `docs/commands.md` is.
    package static func commandReference(_ configuration: Configuration) throws -> String {
        let assembly = try Assembly(
            configuration,
            store: try Store.inMemory(),
            metrics: ServiceMetrics(),
            logger: Logger(label: "broadsheet") { _ in SwiftLogNoOpLogHandler() }
        )
        return assembly.allCommands.markdownReference()
    }
}

extension Configuration {
    /// What hides people's addresses in the log; nil if the operator wants to see them.
    var addressVeil: AddressVeil? {
        guard !showsAddresses else { return nil }
        let rooms = rooms.map(\.room.domainpart)
        return AddressVeil(ownDomains: Set([domain.domainpart] + rooms))
    }
}
