import classes from './integration-settings.module.css'

/** How somebody makes an entity in Dynamics 365 that conversations can be filed as. */
export function ActivityEntitySteps() {
  return (
    <details className={classes['steps']}>
      <summary>How to make an activity type of your own</summary>
      <ol>
        <li>In Dynamics 365, open the Menu and go to Settings.</li>
        <li>Choose Customizations, then Customize the System.</li>
        <li>In the window that opens, choose Entities, then New.</li>
        <li>Fill in the mandatory fields, and tick “Define as an activity entity”.</li>
        <li>Press Save and Close. Then pick the new entity here.</li>
      </ol>
    </details>
  )
}
