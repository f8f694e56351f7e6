// Walks a module's public types with a compiler's own eyes. `folder` is where they are written: what they name of the
// browser's or the language's is not walked into.

/** The names of what the program's one file exports that exists when it runs. */
export function exported(ts, program) {
  const { checker, symbols } = exportsOf(ts, program);
  const values = symbols.filter((symbol) => resolved(ts, checker, symbol).flags & ts.SymbolFlags.Value);
  return values.map(({ name }) => name).sort();
}

/** What an editor tells of each export, and of each member of one, by name. */
export function documented(ts, program, folder) {
  const { checker, symbols } = exportsOf(ts, program);
  const told = {};
  const note = (name, symbol) => {
    told[name] = ts.displayPartsToString(symbol.getDocumentationComment(checker));
  };
  for (const symbol of symbols.map((alias) => resolved(ts, checker, alias))) {
    note(symbol.name, symbol);
    if (!(symbol.flags & ts.SymbolFlags.Interface)) continue;
    for (const member of checker.getDeclaredTypeOfSymbol(symbol).getProperties()) {
      const declaration = member.declarations?.find((node) => isWithin(node, folder));
      // What may not be given needs no words.
      if (!declaration || checker.typeToString(checker.getTypeAtLocation(declaration)) === "undefined") continue;
      note(`${symbol.name}.${declaration.name.getText()}`, member);
    }
  }
  return told;
}

/** Where the public types say `any`: paths such as `Client.on(listener)(event)`. */
export function anyIn(ts, program, folder) {
  const { checker, symbols, file } = exportsOf(ts, program);
  const found = [];
  const seen = new Set();

  const visit = (type, path) => {
    if (type.flags & ts.TypeFlags.Any) found.push(path);
    if (seen.has(type)) return;
    seen.add(type);
    if (type.isUnionOrIntersection()) for (const part of type.types) visit(part, `${path}|`);
    if (type.isTypeParameter()) visitConstraint(type, path);
    if (!(type.flags & ts.TypeFlags.Object)) return;
    if (type.objectFlags & ts.ObjectFlags.Reference) {
      checker.getTypeArguments(type).forEach((argument, n) => visit(argument, `${path}<${n}>`));
    }
    for (const { type: value } of checker.getIndexInfosOfType(type)) visit(value, `${path}[]`);
    for (const member of type.getProperties()) visitMember(member, path);
    const signatures = [...type.getCallSignatures(), ...type.getConstructSignatures()];
    for (const signature of signatures) visitSignature(signature, path);
  };
  const visitConstraint = (type, path) => {
    const constraint = checker.getBaseConstraintOfType(type);
    if (constraint) visit(constraint, path);
  };
  const visitMember = (member, path) => {
    // A mapped type's members are declared nowhere, or where those of its source are.
    if (member.declarations?.some((node) => !isWithin(node, folder))) return;
    visit(checker.getTypeOfSymbolAtLocation(member, file), `${path}.${member.name}`);
  };
  const visitSignature = (signature, path) => {
    if (!signature.declaration || !isWithin(signature.declaration, folder)) return;
    for (const parameter of signature.getParameters()) {
      visit(checker.getTypeOfSymbolAtLocation(parameter, file), `${path}(${parameter.name})`);
    }
    visit(signature.getReturnType(), `${path}()`);
  };

  for (const symbol of symbols.map((alias) => resolved(ts, checker, alias))) {
    if (symbol.flags & ts.SymbolFlags.Type) visit(checker.getDeclaredTypeOfSymbol(symbol), symbol.name);
    if (symbol.flags & ts.SymbolFlags.Value) visit(checker.getTypeOfSymbolAtLocation(symbol, file), symbol.name);
  }
  return found;
}

function exportsOf(ts, program) {
  const checker = program.getTypeChecker();
  const file = program.getSourceFile(program.getRootFileNames()[0]);
  const symbols = checker.getExportsOfModule(checker.getSymbolAtLocation(file));
  if (symbols.length === 0) throw new Error("the module exports nothing, or was not found");
  return { checker, file, symbols };
}

function resolved(ts, checker, symbol) {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}

function isWithin(node, folder) {
  return node.getSourceFile().fileName.startsWith(`${folder}/`);
}
