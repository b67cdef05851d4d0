using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Orchestration;

/// <summary>What the runners of all replicas share.</summary>
internal sealed record OrchestrationServices(IServiceProvider Provider, DistributedApplicationExecutionContext Execution,
    ResourceNotificationService Notifications, ResourceLoggerService Loggers, IDistributedApplicationEventing Eventing, ReadyGate Ready,
    EnvironmentComposer Composer, HealthMonitor Health, PortReservations Ports, OrphanGuard Guard, ILogger Logger);
