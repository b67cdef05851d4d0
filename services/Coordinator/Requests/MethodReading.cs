using O1Coder.Search;
using static O1Coder.ServiceDefaults.InvalidArgument;

namespace O1Coder.Coordinator;

/// <summary>Reads which method a request asks for, and its settings.</summary>
internal static class MethodReading
{
    /// <summary>The method: the one that is named, else the strategy's.</summary>
    /// <exception cref="Grpc.Core.RpcException">InvalidArgument: there is no such method, or the strategy is another's.</exception>
    public static MethodDescription Read(V1.SearchOptions given)
    {
        var name = given.Method.Length > 0 ? given.Method
            : given.Strategy switch
            {
                V1.Strategy.Greedy => "greedy",
                V1.Strategy.Sample => "sample",
                _ => new SearchOptions().Method,
            };
        var method = SearchMethods.All.FirstOrDefault(one => one.Description.Name == name)?.Description;
        ThrowUnless(method is not null, "options.method", name, "one of " + string.Join(", ", SearchMethods.Names));
        ThrowUnless(
            given.Strategy == V1.Strategy.Unspecified || given.Strategy == StrategyOf(name), "options.strategy", (int)given.Strategy,
            $"{(int)StrategyOf(name)} or nothing, as options.method is {name}");
        return method!;
    }

    /// <summary>The strategy in the coarse.</summary>
    public static V1.Strategy StrategyOf(string method) => method switch
    {
        "greedy" => V1.Strategy.Greedy,
        "sample" => V1.Strategy.Sample,
        _ => V1.Strategy.Mcts,
    };

    /// <summary>All settings of the method in force, by name.</summary>
    /// <exception cref="Grpc.Core.RpcException">InvalidArgument: a setting is unknown, told twice, or out of range.</exception>
    public static IReadOnlyList<V1.MethodSetting> ReadSettings(V1.SearchOptions given, MethodDescription method)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var one in given.Settings)
        {
            var known = method.Find(one.Name);
            ThrowUnless(known is not null, "options.settings", one.Name, method.ExpectedSettings);
            ThrowUnless(values.TryAdd(one.Name, one.Value), "options.settings", one.Name, "each setting once");
            try
            {
                known!.Validate(new SearchOptions { Method = method.Name, Settings = values });
            }
            catch (ArgumentException)
            {
                ThrowUnless(false, $"options.settings[{one.Name}]", one.Value, known!.Expected);
            }
        }

        return
        [
            .. method.Settings.OrderBy(setting => setting.Name, StringComparer.Ordinal).Select(setting => new V1.MethodSetting
            {
                Name = setting.Name,
                Value = values.GetValueOrDefault(setting.Name, setting.Default),
            }),
        ];
    }
}
