using System.Globalization;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Publishing;

/// <summary>The variables of one container: values as Kubernetes has them, secrets by reference.</summary>
internal sealed class KubernetesValues
{
    private readonly OrderedDictionary<string, object> _secrets = [];
    private readonly List<object> _variables = [];

    /// <summary>Secret parameters that were referred to.</summary>
    public HashSet<ParameterResource> Secrets { get; } = [];

    /// <summary>The container's <c>env</c>: what others are made of comes first.</summary>
    public IReadOnlyList<object> Variables => [.. _secrets.Values, .. _variables];

    /// <summary>Adds a variable.</summary>
    public void Add(string name, object value)
    {
        if (value is ParameterResource { Secret: true } secret)
        {
            Secrets.Add(secret);
            _variables.Add(FromSecret(name, secret));
        }
        else
        {
            _variables.Add(new Dictionary<string, object> { ["name"] = name, ["value"] = Text(value) });
        }
    }

    /// <summary>Adds a variable with a fact about the pod.</summary>
    public void AddField(string name, string path) => _variables.Add(new Dictionary<string, object>
    {
        ["name"] = name,
        ["valueFrom"] = new Dictionary<string, object> { ["fieldRef"] = new Dictionary<string, object> { ["fieldPath"] = path } },
    });

    /// <summary>A value as text; a secret in it becomes <c>$(VARIABLE)</c>, which Kubernetes puts in.</summary>
    public string Text(object value)
    {
        switch (value)
        {
            case string text:
                return text.Replace("$(", "$$(", StringComparison.Ordinal);
            case IResourceBuilder<IResource> builder:
                return Text(builder.Resource);
            case ParameterResource { Secret: true } secret:
                Secrets.Add(secret);
                var variable = KubernetesNames.Variable(secret);
                _secrets.TryAdd(variable, FromSecret(variable, secret));
                return $"$({variable})";
            case ParameterResource parameter:
                return Text(parameter.Read());
            case EndpointReference endpoint:
                return Address(endpoint.Property(EndpointProperty.Url));
            case EndpointReferenceExpression part:
                return Address(part);
            case ReferenceExpression expression:
                // The format's own text is escaped once as a format and once as a value.
                return string.Format(CultureInfo.InvariantCulture, expression.Format.Replace("$(", "$$(", StringComparison.Ordinal),
                    [.. expression.ValueProviders.Select(provider => (object)Text(provider))]);
            case IResourceWithConnectionString connection:
                return Text(connection.ConnectionStringExpression);
            default:
                return Text(Convert.ToString(value, CultureInfo.InvariantCulture) ?? "");
        }
    }

    private static string Address(EndpointReferenceExpression part)
    {
        var endpoint = part.Endpoint.EndpointAnnotation;
        var host = KubernetesNames.Of(part.Endpoint.Resource);
        var port = KubernetesNames.Port(part.Endpoint.Resource, endpoint).ToString(CultureInfo.InvariantCulture);
        return part.Property switch
        {
            EndpointProperty.Url => $"{endpoint.UriScheme}://{host}:{port}",
            EndpointProperty.Host or EndpointProperty.IPV4Host => host,
            EndpointProperty.Port or EndpointProperty.TargetPort => port,
            EndpointProperty.Scheme => endpoint.UriScheme,
            _ => $"{host}:{port}",
        };
    }

    private static Dictionary<string, object> FromSecret(string name, ParameterResource secret) => new()
    {
        ["name"] = name,
        ["valueFrom"] = new Dictionary<string, object>
        {
            ["secretKeyRef"] = new Dictionary<string, object> { ["name"] = KubernetesNames.Secrets, ["key"] = secret.Name },
        },
    };
}
