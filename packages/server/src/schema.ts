/** The one visible list of what the API is made of. */
import './shared/schema.ts'
import './nodes.ts'
import './viewers/schema.ts'
import './workspaces/schema.ts'
import './integrations/provider-schema.ts'
import './integrations/schema.ts'
import './integrations/connect-schema.ts'
import './settings/schema.ts'
import './settings/history-schema.ts'
import './records/schema.ts'
import './records/form-schema.ts'
import './records/create-schema.ts'
import './search/schema.ts'
import './conversations/schema.ts'
import './pushes/schema.ts'
import { builder } from './builder.ts'

export const schema = builder.toSchema()
