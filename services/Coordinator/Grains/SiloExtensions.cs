using System.Net;
using Orleans.Configuration;
using StackExchange.Redis;

namespace O1Coder.Coordinator;

/// <summary>Makes a coordinator a member of a cluster.</summary>
internal static class SiloExtensions
{
    /// <summary>
    /// Adds the silo: alone by default; with <see cref="ClusterMode.Redis"/> coordinators that share a Redis find each other
    /// there. They also have to share the runs folder.
    /// </summary>
    public static WebApplicationBuilder AddCluster(this WebApplicationBuilder builder)
    {
        var cluster = new ClusterOptions { Mode = ClusterMode.None };
        try
        {
            cluster = ClusterOptions.From(builder.Configuration);
            builder.Services.AddSingleton(cluster);
        }
        catch (InvalidOperationException wrong)
        {
            // Told like any wrong setting, when the service is run.
            builder.Services.AddSingleton<ClusterOptions>(_ => throw new InvalidOperationException(wrong.Message));
        }

        if (cluster.Mode == ClusterMode.None)
        {
            builder.Services.AddSingleton<ISearchPlace, LocalSearchPlace>();
            builder.Services.AddSingleton<IProblemWork, LocalProblemWork>();
            return builder;
        }

        // A silo tells its whole configuration, and each grain's placement, at the level of information.
        builder.Logging.AddFilter("Orleans", LogLevel.Warning);
        builder.Logging.AddFilter("Polly", LogLevel.Error);
        builder.Services.AddSingleton<GrainFollower>();
        builder.Services.AddSingleton<ISearchPlace, ClusterSearchPlace>();
        builder.Services.AddSingleton<IProblemWork, ClusterProblemWork>();
        builder.UseOrleans(silo =>
        {
            var (siloPort, gatewayPort) = (cluster.SiloPort, cluster.GatewayPort);
            if (cluster.Mode == ClusterMode.Alone)
            {
                silo.UseLocalhostClustering(siloPort, gatewayPort, serviceId: Service, clusterId: Service);
            }
            else
            {
                silo.UseRedisClustering(redis => redis.ConfigurationOptions = ConfigurationOptions.Parse(cluster.Redis));
                silo.Configure<Orleans.Configuration.ClusterOptions>(options => (options.ServiceId, options.ClusterId) = (Service, cluster.Name));
                silo.ConfigureEndpoints(cluster.Address, siloPort, gatewayPort, listenOnAnyHostAddress: !IPAddress.IsLoopback(cluster.Address));
            }

            // A member that does not answer three probes is voted out: about five seconds instead of the half minute that would
            // do for services that keep nobody waiting.
            silo.Configure<ClusterMembershipOptions>(options =>
            {
                options.ProbeTimeout = TimeSpan.FromSeconds(1.5);
                options.NumMissedProbesLimit = 3;
                options.TableRefreshTimeout = TimeSpan.FromSeconds(10);
                options.DefunctSiloCleanupPeriod = TimeSpan.FromHours(1);
                options.DefunctSiloExpiration = TimeSpan.FromHours(1);
            });
            silo.AddActivityPropagation();
        });
        return builder;
    }

    private const string Service = "o1coder";
}
