namespace Aspire.Hosting;

/// <summary>A parameter is neither configured nor has a default.</summary>
/// <param name="message">Names the parameter and the configuration key.</param>
public class MissingParameterValueException(string message) : DistributedApplicationException(message);
