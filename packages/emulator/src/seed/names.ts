/** Names and companies that the seed is mixed from. Given and family names of one row belong to one script. */
type Names = readonly [string, ...string[]]

interface NamePool {
  /** Out of the sum of all weights. */
  weight: number
  first: Names
  last: Names
  /** For the e-mail address; null: made from the name itself. */
  mailbox: string | null
}

const plain: NamePool = {
  weight: 60,
  mailbox: null,
  first: [
    'Alan',
    'Maria',
    'Robert',
    'Susan',
    'Kevin',
    'Linda',
    'Omar',
    'Grace',
    'Peter',
    'Ruth',
    'Derek',
    'Anne-Marie',
    'Jo',
    'Priya',
    'Tom',
    'Wendy',
    'Carl',
    'Nadia',
    'Frank',
    'Ines',
    'Victor',
    'Holly',
    'Sam',
    'Beth',
  ],
  last: [
    'Smith',
    'Johnson',
    'Garcia',
    'Miller',
    'Patel',
    'Nguyen',
    'Carter',
    'Brooks',
    'Hughes',
    'Walker',
    'Okafor',
    'Schmidt',
    'Rossi',
    'Silva',
    'Larsen',
    'Kim',
    'Lopez',
    'Baker',
    'Cole',
    'Dixon',
    'Fisher',
    'Grant',
    'Hall',
    'Irwin',
    'Van der Berg',
    'Smith-Jones',
  ],
}

const apostrophes: NamePool = {
  weight: 12,
  mailbox: null,
  first: ['Siobhan', 'Pat', 'Conor', 'Lucia', 'Shaquille', "D'Andre", 'Maeve', 'Gianni'],
  last: ["O'Neil", "D'Angelo", "O'Brien", "O'Connor", "N'Diaye", 'O’Shea', "D'Souza", "L'Estrange"],
}

const accents: NamePool = {
  weight: 14,
  mailbox: null,
  first: ['José', 'Zoë', 'François', 'Jürgen', 'Åsa', 'Łukasz', 'Søren', 'Chloé', 'Nuño', 'Šárka'],
  last: ['Müller', 'García Márquez', 'Lefèvre', 'Øverland', 'Ångström', 'Wójcik', 'Nuñez', 'Çelik', 'Dvořák', 'Brontë'],
}

const cyrillic: NamePool = {
  weight: 4,
  mailbox: 'cyrillic',
  first: ['Анна', 'Дмитрий', 'Ольга', 'Тарас'],
  last: ['Иванова', 'Кузнецов', 'Шевченко', 'Лебедева'],
}

const greek: NamePool = {
  weight: 3,
  mailbox: 'greek',
  first: ['Ελένη', 'Γιώργος', 'Σοφία'],
  last: ['Παπαδοπούλου', 'Νικολάου', 'Αγγελίδης'],
}

const eastAsian: NamePool = {
  weight: 4,
  mailbox: 'cjk',
  first: ['伟', '美咲', '민준', '芳', '太郎'],
  last: ['王', '田中', '김', '李', '鈴木'],
}

const arabic: NamePool = {
  weight: 3,
  mailbox: 'arabic',
  first: ['محمد', 'فاطمة', 'ليلى'],
  last: ['الأحمد', 'حداد', 'منصور'],
}

export const namePools: readonly NamePool[] = [plain, apostrophes, accents, cyrillic, greek, eastAsian, arabic]

export const companyHeads: Names = [
  'Acme',
  'Northwind',
  'Blue Heron',
  'Lone Star',
  'Cedar & Pine',
  "Murphy's",
  'Peak',
  'Harbour',
  'Quartz',
  'Saffron',
  'Étoile',
  'Grün',
  'Red 100%',
  'Under_score',
  'Old Mill',
  'Copper',
  'Juniper',
  'Vega',
  'Atlas',
  'Tidewater',
]
export const companyTails: Names = [
  'Dental',
  'Plumbing',
  'Logistics',
  'Motors',
  'Bakery',
  'Insurance',
  'Clinic',
  'Hotels',
  'Software',
  'Gardens',
  'Supply Co.',
  'Law Group',
]

export const places: readonly [readonly [city: string, country: string], ...(readonly [string, string])[]] = [
  ['Austin', 'United States'],
  ['Seattle', 'United States'],
  ['Chicago', 'United States'],
  ['Newcastle upon Tyne', 'United Kingdom'],
  ['Leeds', 'United Kingdom'],
  ['Berlin', 'Germany'],
  ['Köln', 'Germany'],
]

export const jobTitles: Names = [
  'Office Manager',
  'Owner',
  'Buyer',
  'Head of Service',
  'Assistant',
  'Engineer',
  'Accountant',
]
