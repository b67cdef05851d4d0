using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Orchestration;

/// <summary>What the runners of all replicas share.</summary>
internal sealed record OrchestrationServices(IServiceProvider Provider, ResourceNotificationService Notifications,
    ResourceLoggerService Loggers, EnvironmentComposer Composer, HealthMonitor Health, PortReservations Ports, OrphanGuard Guard,
    ILogger Logger);
